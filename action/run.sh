#!/usr/bin/env bash
# What the action does, in two steps of action.yml:
#   run.sh binary   checks the inputs and gets the program: a given one, a release, or built from source
#   run.sh run      gets the history, checks, and publishes what was found
# Inputs come as environment variables and are data: nothing of them is ever run. Runs in Bash 3.2 (macOS)
# and in Git for Windows. The exit code is that of `annexa check`; 3 where the action itself cannot go on.
set -euo pipefail

# What action.yml hands over; the other inputs stand beside it in `check_inputs`.
INPUT_PATH=${INPUT_PATH-} INPUT_BASE=${INPUT_BASE-} INPUT_REPORT=${INPUT_REPORT-} PROGRAM=${PROGRAM-}

# The token reaches only the commands that need it, through their environment.
token=${INPUT_TOKEN-}
unset INPUT_TOKEN GITHUB_TOKEN GH_TOKEN

# A path as this shell writes it, and as the system does: they differ on Windows.
posix() { if command -v cygpath >/dev/null; then cygpath -u "$1"; else printf '%s\n' "$1"; fi; }
native() { if command -v cygpath >/dev/null; then cygpath -m "$1"; else printf '%s\n' "$1"; fi; }

here=$(posix "$GITHUB_ACTION_PATH")
temp=$(posix "${RUNNER_TEMP:-${TMPDIR:-/tmp}}")

# 128 bits that nobody can guess, in hexadecimal.
random() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# An annotation: level and text. The text may hold anything; it stays one line and no command.
say() {
    local text
    text=$(printf '%s' "$2" | LC_ALL=C tr '\000-\037\177' ' ')
    printf '::%s title=annexa::%s\n' "$1" "${text//%/%25}"
}

# Sets an output of the step. The value may hold anything.
output() {
    local end
    end=$(random)
    printf '%s<<%s\n%s\n%s\n' "$1" "$end" "$2" "$end" >>"$(posix "$GITHUB_OUTPUT")"
}

# Ends the step: exit code, conclusion, and what is wrong, why it matters and what to do.
give_up() {
    say error "$3"
    output conclusion "$2"
    output exit-code "$1"
    exit "$1"
}
invalid() { give_up 2 invalid "$1"; }
failed() { give_up 3 failed "$1"; }

# Runs a command whose output may hold text of strangers: no line of it is taken for a workflow command.
# Standard error goes the same way, since the runner reads the two streams side by side.
apart() {
    local end code=0
    end=$(random)
    if [ "${#end}" -ne 32 ]; then
        failed "There is no source of random numbers, so output cannot be kept apart from workflow commands. Nothing was checked."
    fi
    printf '::stop-commands::%s\n' "$end"
    "$@" 2>&1 || code=$?
    printf '\n::%s::\n' "$end"
    return "$code"
}

# --- inputs

# Whether $2, the input $1, is one of the words $3.
one_of() {
    local word
    for word in $3; do
        if [ "$2" = "$word" ]; then return; fi
    done
    invalid "The input \`$1\` is \`$2\`, which is none of: $3. Nothing was checked. Correct it in the workflow."
}

check_inputs() {
    one_of fail-on "$INPUT_FAIL_ON" "error warning note never"
    one_of when-empty "$INPUT_WHEN_EMPTY" "fail pass"
    if [ -n "$INPUT_GATE" ]; then one_of gate "$INPUT_GATE" "new touched all"; fi
    one_of online "$INPUT_ONLINE" "true false"
    one_of comment "$INPUT_COMMENT" "true false"
    one_of inline "$INPUT_INLINE" "true false"
    one_of check-run "$INPUT_CHECK_RUN" "true false"
    one_of strict-publish "$INPUT_STRICT_PUBLISH" "true false"
    case $INPUT_INLINE_MAX in
        [1-9] | [1-4][0-9] | 50) ;;
        *) invalid "The input \`inline-max\` is \`$INPUT_INLINE_MAX\`, which is no whole number from 1 to 50. Nothing was checked. Correct it in the workflow." ;;
    esac
    if [ ! -e "$INPUT_PATH" ]; then
        invalid "The input \`path\` is \`$INPUT_PATH\`, and there is nothing of that name in the workspace. Nothing was checked. Run actions/checkout before, and give a path below the workspace."
    fi
    if [ -n "$INPUT_REPORT" ] && [ ! -f "$INPUT_REPORT" ]; then
        invalid "The input \`report\` is \`$INPUT_REPORT\`, and there is no such file. Nothing was published. Download the report of the earlier job before."
    fi
    if [ "${GITHUB_EVENT_NAME-}" = pull_request_target ]; then
        invalid "The workflow runs on \`pull_request_target\`, where a pull request meets secrets and a token that writes. Nothing was checked. Use \`pull_request\`; docs/github.md shows how to post on pull requests of forks."
    fi
}

# --- the program

# The value of a key of the package in Cargo.toml.
package() { sed -n "s/^$1 = \"\\(.*\\)\"\$/\\1/p" "$here/Cargo.toml" | head -n 1; }

# The name that Rust has for this system; nothing where there are no releases for it.
target() {
    case "$(uname -s)-$(uname -m)" in
        Linux-x86_64) echo x86_64-unknown-linux-musl ;;
        Linux-aarch64 | Linux-arm64) echo aarch64-unknown-linux-musl ;;
        Darwin-x86_64) echo x86_64-apple-darwin ;;
        Darwin-arm64) echo aarch64-apple-darwin ;;
        MINGW*-x86_64 | MSYS*-x86_64 | CYGWIN*-x86_64) echo x86_64-pc-windows-msvc ;;
    esac
}

sha256() {
    if command -v sha256sum >/dev/null; then
        sha256sum <"$1" | cut -d ' ' -f 1
    elif command -v shasum >/dev/null; then
        shasum -a 256 <"$1" | cut -d ' ' -f 1
    else
        return 1
    fi
}

# Downloads the release for this system to $1, if checksums.txt of this very checkout lists it.
download() {
    local line sum url found
    line=$(awk -v version="$(package version)" -v target="$(target)" \
        '$1 !~ /^#/ && $2 == version && $3 == target { print $1, $4; exit }' "$here/action/checksums.txt")
    if [ -z "$line" ]; then return 1; fi
    sum=${line%% *} url=${line#* }
    echo "annexa $(package version) for $(target) comes from its release."
    if ! command -v curl >/dev/null; then
        failed "curl is missing, so the release cannot be downloaded. Nothing was checked. Install curl, or give the program with the input \`binary\`."
    fi
    apart curl --fail --silent --show-error --location --proto '=https' --proto-redir '=https' --tlsv1.2 \
        --retry 5 --retry-delay 2 --connect-timeout 20 --max-time 600 --output "$(native "$1")" --url "$url" ||
        failed "The release could not be downloaded from $url. Nothing was checked. Run the job again, or give the program with the input \`binary\`."
    found=$(sha256 "$1") ||
        failed "Neither sha256sum nor shasum is there, so the download cannot be checked and is not used. Nothing was checked. Install one of them, or give the program with the input \`binary\`."
    if [ "$found" != "$sum" ]; then
        rm -f "$1"
        failed "What $url gave has the sha256 $found, and action/checksums.txt wants $sum. It was not run and nothing was checked. Find out who changed the release before you go on."
    fi
}

# Builds the program from the sources beside this script.
build() {
    local why
    why="action/checksums.txt lists no release of $(package version) for $(uname -s) $(uname -m)"
    if ! command -v cargo >/dev/null; then
        failed "$why, so annexa has to be built, and cargo is missing. Nothing was checked. Install Rust $(package rust-version) or newer, or give the program with the input \`binary\`."
    fi
    echo "$why, so annexa is built from the sources of the action. This takes some minutes."
    # Not from the workspace: a rust-toolchain.toml there decides which compiler runs.
    (cd "$here" && apart cargo install --locked --path "$(native "$here")" --root "$(native "$1")") ||
        failed "annexa could not be built. Nothing was checked. It needs Rust $(package rust-version) or newer and a linker; or give the program with the input \`binary\`."
}

binary() {
    local program suffix="" given=${INPUT_BINARY:-${ANNEXA_BIN-}}
    check_inputs
    case $(uname -s) in MINGW* | MSYS* | CYGWIN*) suffix=.exe ;; esac
    mkdir -p "$temp/annexa/bin"
    program=$temp/annexa/bin/annexa$suffix
    if [ -n "$given" ]; then
        program=$(posix "$given")
        if [ ! -f "$program" ] || [ ! -x "$program" ]; then
            invalid "\`$given\` was given as the program and is no file that can be run. Nothing was checked. Correct the input \`binary\`, or leave it out."
        fi
        # A name alone would be looked for in PATH.
        program=$(cd "$(dirname -- "$program")" && pwd)/$(basename -- "$program")
    elif download "$program"; then
        chmod +x "$program"
    else
        build "$temp/annexa"
    fi
    apart "$program" --version ||
        failed "\`$program\` does not run here. Nothing was checked. Give one for this system with the input \`binary\`."
    output path "$program"
}

# --- the history

# git with the token for the server of the workflow alone, handed over through the environment. The first,
# empty, header takes away what actions/checkout may have left: two are refused.
git_fetch() {
    local server=${GITHUB_SERVER_URL:-https://github.com}
    server=http.${server%/}/.extraheader
    (
        unset GIT_TRACE GIT_TRACE_CURL GIT_CURL_VERBOSE GIT_TRACE_PACKET
        export GIT_TERMINAL_PROMPT=0 GIT_CONFIG_COUNT=4
        export GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="$safe"
        export GIT_CONFIG_KEY_1=http.lowSpeedLimit GIT_CONFIG_VALUE_1=1000
        export GIT_CONFIG_KEY_2=http.lowSpeedTime GIT_CONFIG_VALUE_2=60
        export GIT_CONFIG_KEY_3=gc.auto GIT_CONFIG_VALUE_3=0
        case $server in
            http.https://*)
                if [ -n "$token" ]; then
                    export GIT_CONFIG_COUNT=6
                    export GIT_CONFIG_KEY_4="$server" GIT_CONFIG_VALUE_4=""
                    export GIT_CONFIG_KEY_5="$server"
                    GIT_CONFIG_VALUE_5="AUTHORIZATION: basic $(printf 'x-access-token:%s' "$token" | base64 | tr -d '\n')"
                    export GIT_CONFIG_VALUE_5
                fi
                ;;
        esac
        apart git -C "$top" fetch --no-progress --no-recurse-submodules "$@"
    )
}

# git that only reads.
git_read() { GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="$safe" git -C "$top" "$@"; }

is_there() { git_read rev-parse --verify --quiet --end-of-options "$1^{commit}" >/dev/null; }

# Fetches what the checkout left out and the check needs: the whole history with its tags, and the base.
# Sets `base` to what the input means here.
get_history() {
    local folder=$INPUT_PATH branch
    local remedy="Nothing was checked. Set \`fetch-depth: 0\` at actions/checkout."
    base=$INPUT_BASE
    if [ ! -d "$folder" ]; then folder=$(dirname -- "$folder"); fi
    top=$(cd -- "$folder" && pwd)
    while [ ! -e "$top/.git" ] && [ "$top" != / ]; do top=$(dirname -- "$top"); done
    safe=$(native "$top")
    if [ ! -e "$top/.git" ]; then
        case ${GITHUB_EVENT_NAME-} in
            pull_request* | merge_group)
                failed "There is no git repository at \`$INPUT_PATH\`, so nothing tells what the change brings. Nothing was checked. Run actions/checkout before, with \`fetch-depth: 0\`, in an image that has git."
                ;;
        esac
        return 0
    fi
    if ! command -v git >/dev/null; then
        if [ -e "$top/.git/shallow" ]; then
            failed "The history of the checkout is cut off, and git is missing to get the rest of it. $remedy"
        fi
        return 0
    fi
    if [ "$(git_read rev-parse --is-shallow-repository)" = true ]; then
        git_fetch --tags --unshallow origin "$(git_read rev-parse HEAD)" ||
            failed "The history of the checkout is cut off, and the rest of it could not be fetched. $remedy"
    fi
    # Where the head of the pull request was checked out instead of the merge, the base is a branch apart.
    for branch in "${GITHUB_BASE_REF-}" "$INPUT_BASE"; do
        if [ -n "$branch" ] && ! is_there "$branch" && ! is_there "refs/remotes/origin/$branch"; then
            git_fetch --no-tags origin "+refs/heads/$branch:refs/remotes/origin/$branch" ||
                failed "The base \`$branch\` is not in the checkout, and it could not be fetched as a branch. $remedy"
        fi
    done
    if [ -n "$base" ] && ! is_there "$base"; then base=origin/$base; fi
}

# --- the check

conclusion() {
    case $1 in
        0) echo clear ;;
        1) echo findings ;;
        2) echo invalid ;;
        3) echo incomplete ;;
        4) echo empty ;;
    esac
}

# Judges the documents, and sets `report` to what came out and `code` to the verdict.
check() {
    local results quoted words
    get_history
    results=$(mktemp -d "$temp/annexa-report.XXXXXX")
    report=$results/report.json
    # In a container the checkout belongs to somebody else, and annexa reads such a repository only when a
    # configuration of git allows it. It gets one of its own; nothing outlives the job.
    mkdir -p "$results/config/git"
    quoted=$(printf '%s' "$safe" | sed 's/[\\"]/\\&/g')
    printf '[safe]\n\tdirectory = "%s"\n' "$quoted" >"$results/config/git/config"
    XDG_CONFIG_HOME=$(native "$results/config")
    export XDG_CONFIG_HOME
    words=(check --github --output text --output "json=$(native "$report")")
    if [ -n "$INPUT_SARIF" ]; then words+=(--output "sarif=$INPUT_SARIF"); fi
    if [ -n "$INPUT_MARKDOWN" ]; then words+=(--output "markdown=$INPUT_MARKDOWN"); fi
    if [ -n "$INPUT_CONFIG" ]; then words+=("--config=$INPUT_CONFIG"); fi
    if [ -n "$INPUT_GATE" ]; then words+=("--gate=$INPUT_GATE"); fi
    if [ -n "$base" ]; then words+=("--base=$base"); fi
    words+=("--fail-on=$INPUT_FAIL_ON" "--when-empty=$INPUT_WHEN_EMPTY")
    if [ "$INPUT_ONLINE" = true ]; then
        words+=(--online -- "$INPUT_PATH")
        GITHUB_TOKEN=$token apart "$PROGRAM" "${words[@]}" || code=$?
    else
        words+=(-- "$INPUT_PATH")
        apart "$PROGRAM" "${words[@]}" || code=$?
    fi
    # A program that broke down may have left half a report, and one that gives none has judged nothing.
    case $code-$([ -f "$report" ] && echo report) in
        0-report | 1-report | 3-report | 4-report) ;;
        2-* | 3-) give_up "$code" "$(conclusion "$code")" "annexa gave no report. The log of this step says why." ;;
        *) failed "annexa broke down with exit code $code, so nothing was judged. The log of this step may say why." ;;
    esac
    output conclusion "$(conclusion "$code")"
    output sarif "$INPUT_SARIF"
}

# Shows what the report says. This sets the outputs once more, and the numbers with them.
publish() {
    local published=0 words
    output report "$(native "$report")"
    words=(publish "$(native "$report")" "--inline-max=$INPUT_INLINE_MAX")
    if [ "$INPUT_COMMENT" = true ]; then words+=(--comment); fi
    if [ "$INPUT_INLINE" = true ]; then words+=(--inline); fi
    if [ "$INPUT_CHECK_RUN" = true ]; then words+=(--check-run); fi
    if [ "$INPUT_STRICT_PUBLISH" = true ]; then words+=(--strict-publish); fi
    # Several uses of the action in one job have comments of their own.
    if [ "$INPUT_PATH" != . ]; then words+=("--name=$INPUT_PATH"); fi
    # Its output is workflow commands, escaped by the program.
    GITHUB_TOKEN=$token "$PROGRAM" "${words[@]}" || published=$?
    if [ "$published" -eq 2 ] && [ -n "$INPUT_REPORT" ]; then
        invalid "The report \`$INPUT_REPORT\` could not be used. Nothing was published. The log of this step says why."
    elif [ "$published" -ne 0 ] && [ -n "$INPUT_REPORT" ]; then
        failed "The report \`$INPUT_REPORT\` could not be published. The log of this step says why."
    elif [ "$published" -ne 0 ] && [ "$INPUT_STRICT_PUBLISH" = true ]; then
        say error "What was found could not be posted as asked for, and \`strict-publish\` is set. The log says what would have been posted."
        code=3
    elif [ "$published" -ne 0 ]; then
        say warning "What was found could not be posted. It stands in the log above; the verdict stays what it is."
    fi
}

run() {
    code=0
    report=$INPUT_REPORT
    if [ -z "$report" ]; then check; fi
    publish
    output exit-code "$code"
    exit "$code"
}

case ${1-} in
    binary | run) "$1" ;;
    *)
        echo "usage: run.sh binary|run" >&2
        exit 2
        ;;
esac
