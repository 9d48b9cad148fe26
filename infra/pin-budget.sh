#!/bin/sh
# Notes the month in which the budget begins, once for each environment of azd: Azure lets nobody change it later, and
# another one with the next provision would be refused. azd runs it before it provisions.
set -eu

if [ "${FLOWGATE_MONTHLY_BUDGET:-0}" = 0 ] || [ -n "${FLOWGATE_BUDGET_START:-}" ]; then
  exit 0
fi
azd env set FLOWGATE_BUDGET_START "$(date -u +%Y-%m-01)"
