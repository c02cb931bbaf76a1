// Writes the table of scripts for \p{Script=…}: node eng/unicode/scripts.mjs > src/LlmGateway/StructuredOutput/Validation/Patterns/UnicodeScripts.Data.cs
// The data is that of the Unicode version built into Node.js (process.versions.unicode).
const scripts = `Arabic Arab,Armenian Armn,Bengali Beng,Bopomofo Bopo,Cherokee Cher,Common Zyyy,Cyrillic Cyrl,Devanagari Deva,Ethiopic Ethi,Georgian Geor,Greek Grek,Gujarati Gujr,Gurmukhi Guru,Han Hani,Hangul Hang,Hebrew Hebr,Hiragana Hira,Inherited Zinh,Kannada Knda,Katakana Kana,Khmer Khmr,Lao Laoo,Latin Latn,Malayalam Mlym,Mongolian Mong,Myanmar Mymr,Oriya Orya,Sinhala Sinh,Syriac Syrc,Tamil Taml,Telugu Telu,Thaana Thaa,Thai Thai,Tibetan Tibt`
  .split(',').map((names) => names.split(' '));
const lines = [];
for (const [long, short] of scripts) {
  const is = new RegExp(`^\\p{Script=${long}}$`, 'u');
  const ranges = [];
  let start = -1;
  for (let c = 0; c <= 0x110000; c++) {
    const inside = c <= 0x10ffff && is.test(String.fromCodePoint(c));
    if (inside && start < 0) start = c;
    if (inside || start < 0) continue;
    ranges.push(start === c - 1 ? start.toString(16) : `${start.toString(16)}-${(c - 1).toString(16)}`);
    start = -1;
  }
  lines.push(`        ("${long}", "${short}", "${ranges.join(' ')}"),`);
}
console.log(`// Made by eng/unicode/scripts.mjs from Unicode ${process.versions.unicode}.
namespace LlmGateway.StructuredOutput.Validation;

internal static partial class UnicodeScripts
{
    private static readonly (string Name, string ShortName, string Ranges)[] Data =
    [
${lines.join('\n')}
    ];
}`);
