#!/usr/bin/env bash
# Malformed texts, repaired here and by npm's jsonrepair plus JSON.parse, in one run, the sides in turn. Prints the tables
# of bench/results/repair.md. Needs the .NET 10 SDK and Node 20.
set -euo pipefail
cd "$(dirname "$0")"
npm ci --silent --no-audit --no-fund
dotnet build -c Release --nologo -v quiet LlmGateway.RepairBenchmark.csproj
node run.mjs bin/Release/net10.0/LlmGateway.RepairBenchmark.dll
