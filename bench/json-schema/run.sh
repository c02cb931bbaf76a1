#!/usr/bin/env bash
# Validation against npm ajv, from bytes to verdict, both sides in turns within one run. Prints a table.
set -euo pipefail
cd "$(dirname "$0")"
npm ci --no-audit --no-fund --silent
dotnet build -c Release --nologo -v quiet LlmGateway.JsonSchemaBench.csproj
node run.mjs bin/Release/net10.0/LlmGateway.JsonSchemaBench.dll
