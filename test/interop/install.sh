#!/usr/bin/env bash
# Installs the Debian packages in packages.txt that are missing, when CI=true or INTEROP_INSTALL=1; else names them.
set -euo pipefail
cd "$(dirname "$0")"

die() {
  printf 'interop: %s\n' "$*" >&2
  exit 1
}
root() { if [[ $(id -u) == 0 ]]; then "$@"; else sudo -n "$@"; fi; }
is_installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

command -v dpkg-query >/dev/null || die 'these tests need Debian or Ubuntu: the applications come from their packages'
missing=()
while read -r package; do is_installed "$package" || missing+=("$package"); done <packages.txt
((${#missing[@]})) || exit 0
[[ ${CI:-} == true || ${INTEROP_INSTALL:-} == 1 ]] ||
  die "missing packages: ${missing[*]}. Install them, or run again with INTEROP_INSTALL=1 as root."

log=$(mktemp)
policy=/usr/sbin/policy-rc.d
made_policy=
finish() {
  [[ -z $made_policy ]] || root rm -f "$policy"
  rm -f "$log"
}
trap finish EXIT
# WordPress and MediaWiki bring a web server along; only their files are wanted, so no service may start.
if [[ ! -e $policy ]]; then
  made_policy=1
  printf '#!/bin/sh\nexit 101\n' | root tee "$policy" >/dev/null
  root chmod 755 "$policy"
fi
# These packages would make databases of their own, which the tests don't use.
printf '%s\n' 'redmine redmine/instances/default/dbconfig-install boolean false' \
  'postfixadmin postfixadmin/dbconfig-install boolean false' | root debconf-set-selections
{ root apt-get update -qq &&
  root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 ||
  { tail -30 "$log" >&2; die "could not install ${missing[*]}"; }
