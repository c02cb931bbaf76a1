#!/usr/bin/env bash
# Packs src/*, restores the packages into an independent solution, and tests them as a consumer has them.
#
#   integration_tests/run.sh               dry run: no network, no key; the live tests are skipped and say so
#   integration_tests/run.sh --loopback    the same, and the live tests with the real claude CLI against a server on
#                                          127.0.0.1 (needs Node 20 for `npm ci`)
#   LLM_LIVE=1 LLM_PROVIDER=… integration_tests/run.sh   the live tests against a real model: it may cost money
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
feed=$root/artifacts/packages
loopback=0
for argument in "$@"; do
  case $argument in
    --loopback) loopback=1 ;;
    -h|--help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "run.sh: unknown argument '$argument'; see --help" >&2; exit 2 ;;
  esac
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# MSBuild reads it from the environment. No two runs share a version, so NuGet's cache never holds an older build of it.
export LlmGatewayVersion=0.0.0-it.$(date -u +%Y%m%d%H%M%S).$$
summary=$(mktemp)
cleanup() {
  rm -f "$summary" "$feed"/*."$LlmGatewayVersion".nupkg "$feed"/*."$LlmGatewayVersion".snupkg
  local cache
  cache=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
  if [ -d "$cache" ]; then rm -rf "$cache"/llmgateway*/"$LlmGatewayVersion"; fi
}
trap cleanup EXIT

mkdir -p "$feed"
for project in "$root"/src/*/*.csproj; do
  echo "pack $(basename "$project" .csproj) $LlmGatewayVersion"
  dotnet pack "$project" -c Release -o "$feed" -p:MinVerVersionOverride="$LlmGatewayVersion" -v quiet
done

cd "$here"
dotnet build LlmGateway.IntegrationTests.slnx -c Release -v quiet
tests() { dotnet test --project "$@" -c Release --no-build --no-restore; }

# A failure in one part does not hide what the other part has to say.
status=0
tests DryRun/DryRun.csproj || status=1

export LIVE_SUMMARY_FILE=$summary
if [ $loopback = 1 ]; then
  (cd loopback && npm ci --ignore-scripts --no-audit --no-fund --loglevel error)
  LOOPBACK_LIVE=1 tests Live/Live.csproj || status=1
elif [ "${LLM_LIVE:-}" = 1 ]; then
  tests Live/Live.csproj || status=1
else
  # All of them skipped: to the test platform that is an error of its own, 8.
  tests Live/Live.csproj --ignore-exit-code 8 || status=1
fi

cat "$summary"
exit $status
