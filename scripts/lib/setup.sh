# Sourced by the scripts beside this folder: what a bare Debian machine lacks, and the builds. Everything lands in .venv and build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD
unset VIRTUAL_ENV PYTHONPATH PYTHONHOME
export PIP_DISABLE_PIP_VERSION_CHECK=1 CMAKE_BUILD_PARALLEL_LEVEL="${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}"
started=$SECONDS

say() { printf '\n== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
stop() { printf '\n%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# What every script needs; a script names what it needs beyond these.
common_packages=(g++ cmake ninja-build pkg-config libsodium-dev libhwy-dev nlohmann-json3-dev python3 python3-venv python3-dev)

# Installs the Debian packages that are missing.
need_packages() {
  local missing=() package
  if ! command -v dpkg-query > /dev/null; then
    note "not a Debian machine: taking for granted $*"
    return
  fi
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  [ "$(id -u)" -eq 0 ] || stop "these Debian packages are missing; as root: apt-get install ${missing[*]}"
  say "Installing Debian packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" > build/apt.log 2>&1 || {
    cat build/apt.log >&2
    stop "apt-get could not install ${missing[*]}"
  }
}

# One line that changes when a file of the given paths does.
digest_of() { find "$@" -type f ! -path '*/__pycache__/*' -print0 | sort -z | xargs -0 sha256sum | sha256sum; }

# Runs a step only if the files it depends on changed since it last succeeded: once STAMP PATHS... -- COMMAND...
once() {
  local stamp=$1 paths=() digest
  shift
  while [ "$1" != -- ]; do paths+=("$1"); shift; done
  shift
  digest=$(digest_of "${paths[@]}")
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$digest" ] && return
  "$@"
  printf '%s\n' "$digest" > "$stamp"
}

install_requirements() {
  say "Installing Python packages into .venv"
  .venv/bin/python scripts/lib/requirements.py > build/requirements.txt
  .venv/bin/python -m pip install --quiet --progress-bar off -r build/requirements.txt
}

# The virtual environment with the packages that pyproject.toml names.
need_python() {
  local python=/usr/bin/python3
  [ -x "$python" ] || python=python3
  if ! .venv/bin/python -m pip --version > /dev/null 2>&1; then
    say "Making the virtual environment .venv"
    rm -rf .venv
    "$python" -m venv .venv
  fi
  once .venv/requirements.stamp pyproject.toml scripts/lib/requirements.py -- install_requirements
}

install_package() {
  say "Building the Python package (library, extension, definitions; release)"
  .venv/bin/python -m pip install --no-build-isolation --no-deps --verbose . \
    --config-settings build-dir=build/python --config-settings cmake.define.APPRAISE_WARNINGS_AS_ERRORS=ON > build/python.log 2>&1 &
  local pid=$! line=""
  while kill -0 $pid 2> /dev/null; do
    line=$(grep -aoE '\[[0-9]+/[0-9]+\]' build/python.log | tail -n 1 || true)
    [ -t 1 ] && printf '\r   %s' "$line"
    sleep 0.5
  done
  [ -t 1 ] && printf '\r'
  wait $pid || { tail -n 60 build/python.log >&2; stop "the Python package could not be built"; }
  note "installed into .venv"
}

# The Python package, built and installed into .venv.
need_package() {
  once .venv/package.stamp pyproject.toml CMakeLists.txt cmake src include bindings instruments -- install_package
}

# Configures and builds a preset, or only the targets named.
build() {
  local preset=$1
  shift
  say "Building preset $preset"
  cmake --preset "$preset" > "build/$preset.configure.log" 2>&1 || {
    cat "build/$preset.configure.log" >&2
    stop "preset $preset could not be configured"
  }
  cmake --build --preset "$preset" ${1:+--target "$@"}
}

mkdir -p build
if command -v ccache > /dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
fi
