using System.Text.Json;

namespace LlmGateway.StructuredOutput.Validation;

internal sealed partial class SchemaCompiler
{
    private sealed partial class KeywordReader
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
        private readonly List<byte[]> _names = [];
        private readonly List<MemberRules> _members = [];

        /// <summary>The rules of a member, found by any of the keywords that name members.</summary>
        private MemberRules Member(byte[] name) => _members[MemberNumber(name)];

        private int MemberNumber(byte[] name)
        {
            var text = JsonText.ToString(name);
            if (_numbers.TryGetValue(text, out var number)) return number;
            _numbers[text] = _members.Count;
            _names.Add(name);
            _members.Add(new MemberRules(text));
            return _members.Count - 1;
        }

        private void AddDependents(JsonProperty dependency, string keyword, SchemaPlace at)
        {
            var number = MemberNumber(JsonText.NameOf(dependency));
            int[] dependents = [.. Names(dependency.Value, at.At(dependency.Name)).Select(MemberNumber)];
            _members[number].Dependents = [.. _members[number].Dependents, .. dependents];
            _members[number].DependentKeyword = keyword;
        }

        private void AddDependentSchema(JsonProperty dependency, string keyword, SchemaPlace at)
        {
            var member = Member(JsonText.NameOf(dependency));
            if (member.DependentSchema is not null) throw Refuse(at.At(dependency.Name), "another keyword says what depends on this member already");
            member.DependentSchema = Schema(dependency.Value, at.At(dependency.Name));
            if (member.DependentKeyword.Length == 0) member.DependentKeyword = keyword;
        }

        private void ReadMembers()
        {
            if (_members.Count == 0) return;
            Objects.Names = new NameTable(_names);
            Objects.Members = [.. _members];
            Objects.Required = [.. Enumerable.Range(0, _members.Count).Where(i => _members[i].IsRequired)];
            Objects.HasDependents = _members.Any(m => m.Dependents.Length > 0 || m.DependentSchema is not null);
            Objects.NeedsSeen = Objects.HasDependents || Objects.Required.Length > 0;
        }
    }
}
