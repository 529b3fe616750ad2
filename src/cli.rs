//! The command line.

use crate::facts::Day;
use crate::finding::{FailOn, Gate};
use crate::policy::Severity;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXIT_CODES: &str = "\
Exit codes:
  0  nothing at or above --fail-on
  1  findings at or above it
  2  wrong use, or a configuration, schema or policy that is not valid
  3  something at or above it, or the commit of --at, could not be judged
  4  nothing to check (--when-empty pass makes it 0)";

/// Checks the AI-governance documents of a repository against policies mapped to ISO/IEC 42001.
#[derive(Debug, Parser)]
#[command(name = "annexa", version, styles = STYLES, after_help = EXIT_CODES, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// When to use colour.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// At a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check the documents of a repository.
    Check(CheckArgs),
    /// Put the findings of a report in front of reviewers: in a workflow's log and summary, and on the pull request.
    Publish(PublishArgs),
    /// Test policies with the cases in their files and in the suites beside them.
    Test(TestArgs),
    /// List policies, kinds of documents, controls or functions.
    List(ListArgs),
    /// Explain a policy, a control or a clause.
    Explain(ExplainArgs),
    /// Evaluate a CEL expression on a document and show what it reads.
    Eval(EvalArgs),
    /// Tell the life of a document: who changed what of it and when, and what of that was of substance.
    Log(LogArgs),
    /// Show the Statement of Applicability with its evidence and open findings; draft one; compare two.
    Soa(SoaArgs),
    /// Show where each AI system is in its life, and what of its risk management is there: seven stages, five activities.
    Lifecycle(LifecycleArgs),
    /// Write the reference of a pack: its policies with their examples, and the functions.
    Docs(DocsArgs),
    /// Write annexa.yaml, a document to fill in, or a policy.
    Init(InitArgs),
    /// Print the JSON Schema of a kind, of policies, of annexa.yaml or of a JSON report.
    Schema(SchemaArgs),
    /// Show what would be read, as what, and what would be passed over.
    Doctor(DoctorArgs),
    /// Build an example repository with its history and check it.
    Demo(DemoArgs),
    /// Print completions for a shell.
    Completions(CompletionsArgs),
}

/// Arguments of `check`.
#[derive(Args, Debug)]
#[command(after_help = EXIT_CODES)]
pub struct CheckArgs {
    /// The repository, or a folder or file in it: everything is read, and what is below is reported.
    #[arg(default_value = ".")]
    pub path: PathBuf,

    /// A format, with a file to write it to. May be given several times.
    #[arg(long, short, value_name = "FORMAT[=FILE]", default_value = "text")]
    pub output: Vec<String>,

    /// From which severity on findings fail the run.
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub fail_on: FailOnArg,

    /// What a repository without anything to check means.
    #[arg(long, value_name = "WHAT", default_value = "fail")]
    pub when_empty: WhenEmpty,

    /// The day to judge by; else that of --at, else SOURCE_DATE_EPOCH, else now.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub today: Option<Day>,

    /// The commit to judge in place of the working tree, by its own configuration and policies and as of
    /// its day: an id, a tag, a branch.
    #[arg(long, value_name = "REF")]
    pub at: Option<String>,

    /// The branch or commit that a change is compared with, from where the two parted: its policies and
    /// configuration judge, and what was there before does not count.
    #[arg(long, value_name = "REF")]
    pub base: Option<String>,

    /// In a GitHub workflow: take what is judged and compared from the event.
    #[arg(long, conflicts_with = "at")]
    pub github: bool,

    /// Look up on GitHub what git cannot know: the reviews and labels of the pull request. Uses GITHUB_TOKEN.
    #[arg(long, requires = "github")]
    pub online: bool,

    /// Which findings of a change count; those that it brings unless said otherwise.
    #[arg(long, value_name = "WHICH")]
    pub gate: Option<GateArg>,

    /// Whose policies and configuration judge a change.
    #[arg(long, value_name = "WHOSE", default_value = "base")]
    pub trust: TrustArg,

    /// Another configuration file, by its path from the root.
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,

    /// Only these policies, controls or clauses.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub only: Vec<String>,

    /// Not these policies, controls or clauses.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub skip: Vec<String>,

    /// Linear text for screen readers.
    #[arg(long)]
    pub plain: bool,

    /// Only the findings and the verdict.
    #[arg(long, short)]
    pub quiet: bool,
}

/// From which severity on findings fail the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOnArg {
    /// Errors.
    Error,
    /// Errors and warnings.
    Warning,
    /// All findings.
    Note,
    /// None.
    Never,
}

impl From<FailOnArg> for FailOn {
    fn from(arg: FailOnArg) -> Self {
        match arg {
            FailOnArg::Error => FailOn::Severity(Severity::Error),
            FailOnArg::Warning => FailOn::Severity(Severity::Warning),
            FailOnArg::Note => FailOn::Severity(Severity::Note),
            FailOnArg::Never => FailOn::Never,
        }
    }
}

/// Which findings of a change count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GateArg {
    /// Those that the change brings.
    New,
    /// Those in files that it touches, too.
    Touched,
    /// All.
    All,
}

impl From<GateArg> for Gate {
    fn from(arg: GateArg) -> Self {
        match arg {
            GateArg::New => Gate::New,
            GateArg::Touched => Gate::Touched,
            GateArg::All => Gate::All,
        }
    }
}

/// Whose policies and configuration judge a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TrustArg {
    /// Those of the base version: a change does not choose its own judges.
    Base,
    /// Those of the change, to see how they will judge once merged.
    Head,
}

/// What a repository without anything to check means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WhenEmpty {
    /// Exit code 4.
    Fail,
    /// Exit code 0, for workflows that run in every repository of an organisation.
    Pass,
}

const PUBLISH_HELP: &str = "\
Always written, where the workflow gives them: annotations in the log, the job summary
(GITHUB_STEP_SUMMARY), and the outputs conclusion, errors, warnings, notes and unknown
(GITHUB_OUTPUT). The repository, the pull request and the token come from the environment
(GITHUB_REPOSITORY, GITHUB_EVENT_NAME, GITHUB_EVENT_PATH, GITHUB_TOKEN), never from the report.

Examples:
  annexa publish report.json                                   annotations, summary and outputs
  annexa publish report.json --comment --inline                and comments on the pull request
  annexa publish report.json --comment --dry-run               what would be posted

Exit codes:
  0  published; what could not be posted is said, and the same findings are in the job summary
  2  wrong use, or a file that is no report
  3  something that was asked for could not be posted, with --strict-publish";

/// Arguments of `publish`.
#[derive(Args, Debug)]
#[command(after_help = PUBLISH_HELP)]
pub struct PublishArgs {
    /// A JSON report, as `annexa check --output json=FILE` writes it.
    #[arg(value_name = "REPORT.json")]
    pub report: PathBuf,

    /// One comment on the pull request, kept up to date.
    #[arg(long)]
    pub comment: bool,

    /// Comments on the changed lines of the pull request.
    #[arg(long)]
    pub inline: bool,

    /// At most so many of them.
    #[arg(long, value_name = "N", default_value = "20", value_parser = clap::value_parser!(u8).range(0..=50))]
    pub inline_max: u8,

    /// A check run on the newest commit. Use it with the token of a GitHub App: with a workflow's own,
    /// GitHub shows it below any workflow of the commit.
    #[arg(long)]
    pub check_run: bool,

    /// What tells the comments of this call from those of other calls in the same job.
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    pub name: String,

    /// Print what would be posted; nothing is written and nothing is sent.
    #[arg(long)]
    pub dry_run: bool,

    /// End with exit code 3 when something that was asked for could not be posted.
    #[arg(long)]
    pub strict_publish: bool,
}

const TEST_HELP: &str = "\
Cases are the `examples` in a policy's file, and those of suites: files `<name>.test.yaml` beside the
policies (`annexa schema policy-test` prints their fields).

Examples:
  annexa test                                   the policies that annexa.yaml names
  annexa test governance/policies               a folder of policies
  annexa test governance/policies/late.yaml     one policy, with all its cases
  annexa test governance/policies/hr.test.yaml  one suite
  annexa test --output text --output junit=tests.xml
  annexa test --mutate                          do the cases notice when a policy is changed?
  annexa test --cost                            the steps that each expression takes

Exit codes:
  0  everything is as expected
  1  something is not, or the cases leave something out (--allow-gaps)
  2  wrong use, or a policy, suite or configuration that is not valid
  4  nothing to test";

/// Arguments of `test`.
#[derive(Args, Debug)]
#[command(after_help = TEST_HELP)]
pub struct TestArgs {
    /// A policy, a folder of policies, a suite, or a repository with the policies of its annexa.yaml.
    #[arg(default_value = ".")]
    pub path: PathBuf,

    /// The policies that annexa ships.
    #[arg(long, conflicts_with = "path")]
    pub shipped: bool,

    /// Only these policies.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub only: Vec<String>,

    /// A format, with a file to write it to. May be given several times.
    #[arg(long, short, value_name = "FORMAT[=FILE]", default_value = "text")]
    pub output: Vec<String>,

    /// Change each policy in small ways, and show the changes that no case notices.
    #[arg(long)]
    pub mutate: bool,

    /// Show what each policy costs: steps of its expressions over all cases.
    #[arg(long)]
    pub cost: bool,

    /// Show what the cases leave out without failing for it.
    #[arg(long)]
    pub allow_gaps: bool,

    /// Linear text for screen readers.
    #[arg(long)]
    pub plain: bool,

    /// Only what is not as expected, and what it came to.
    #[arg(long, short)]
    pub quiet: bool,
}

/// Arguments of `list`.
#[derive(Args, Debug)]
pub struct ListArgs {
    /// What to list.
    #[arg(default_value = "policies")]
    pub what: ListWhat,

    /// The repository whose own policies and kinds are listed too.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub path: PathBuf,
}

/// What `list` lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListWhat {
    /// The policies.
    Policies,
    /// The kinds of documents.
    Kinds,
    /// The Annex A controls and the clauses.
    Controls,
    /// The functions that policies can use besides those of CEL.
    Functions,
}

/// Arguments of `explain`.
#[derive(Args, Debug)]
pub struct ExplainArgs {
    /// A policy (`impact-assessment-is-current`), a control (`A.5.4`) or a clause (`6.1.4`).
    #[arg(value_name = "POLICY|CONTROL|CLAUSE")]
    pub id: String,

    /// The repository whose own policies are known too.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub path: PathBuf,
}

/// Arguments of `docs`.
#[derive(Args, Debug)]
pub struct DocsArgs {
    /// A folder of policies; the shipped ones without it.
    #[arg(value_name = "PACK-DIR")]
    pub pack: Option<PathBuf>,

    /// The policies that annexa ships.
    #[arg(long, conflicts_with = "pack")]
    pub shipped: bool,

    /// How the page is written.
    #[arg(long, value_name = "FORMAT", default_value = "markdown")]
    pub format: DocsFormat,

    /// One part of the page alone.
    #[arg(long, value_name = "PART")]
    pub only: Option<DocsPart>,

    /// Where to write it, replacing what is there; standard output without it.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DocsFormat {
    /// CommonMark.
    Markdown,
    /// One file that loads nothing.
    Html,
}

/// A part of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DocsPart {
    /// The policies.
    Policies,
    /// The functions.
    Functions,
    /// Each control and clause: what shows it, which policies look at it, what none of them checks.
    Coverage,
}

const EVAL_HELP: &str = "\
Exit codes:
  0  the expression has a value
  2  wrong use, or an expression that is not valid
  3  it has no value here, or it met something unknown

Examples:
  annexa eval \"doc.controls.filter(c, c.applicable == false).size()\" --doc governance/soa.yaml
  annexa eval \"lookup(model_cards, 'system', 'scoring').map(c, c.id)\" --path .
  echo \"interval('P1Y')\" | annexa eval -";

/// Arguments of `eval`.
#[derive(Args, Debug)]
#[command(after_help = EVAL_HELP)]
pub struct EvalArgs {
    /// The expression; `-` reads it from standard input.
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub expression: String,

    /// The document that is `doc`. A file of several documents gives one result each.
    #[arg(long, value_name = "FILE")]
    pub doc: Option<PathBuf>,

    /// The kind of the document, where its path and its content do not tell.
    #[arg(long, value_name = "KIND", requires = "doc")]
    pub kind: Option<String>,

    /// The repository whose documents and files are seen; else the one around the document, else the one here.
    #[arg(long, value_name = "DIR")]
    pub path: Option<PathBuf>,

    /// The day that `today` is; else SOURCE_DATE_EPOCH, else now.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub today: Option<Day>,

    /// How to show the result.
    #[arg(long, short, value_name = "FORMAT", default_value = "text")]
    pub output: EvalOutput,
}

/// How a value is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EvalOutput {
    /// For people.
    Text,
    /// For programs.
    Json,
}

const LOG_HELP: &str = "\
Exit codes:
  0  the whole life is shown
  2  wrong use, or a document that is not committed
  3  some of it cannot be known: the clone is shallow or partial, or the repository is damaged

Examples:
  annexa log governance/soa.yaml
  annexa log governance/systems.yaml#cv-ranking    one record of a file that holds several
  annexa log governance/soa.yaml --at v1.4.0       as it was seen from a release";

/// Arguments of `log`.
#[derive(Args, Debug)]
#[command(after_help = LOG_HELP)]
pub struct LogArgs {
    /// The document; `FILE#ID` is one record of a file that holds several. Any other file can be given too.
    #[arg(value_name = "FILE[#ID]")]
    pub document: PathBuf,

    /// A format, with a file to write it to. May be given several times.
    #[arg(long, short, value_name = "FORMAT[=FILE]", default_value = "text")]
    pub output: Vec<String>,

    /// The commit to look back from, in place of what is checked out: an id, a tag, a branch.
    #[arg(long, value_name = "REF")]
    pub at: Option<String>,

    /// Every field of every change instead of the first few.
    #[arg(long)]
    pub all: bool,

    /// Linear text for screen readers.
    #[arg(long)]
    pub plain: bool,
}

const SOA_HELP: &str = "\
Exit codes:
  0  shown or written
  2  wrong use, or there is no statement

Examples:
  annexa soa                                the rows, the most that checks of each rest on, and open findings
  annexa soa --output xlsx=soa.xlsx         as a workbook; a file of this name is read back as the statement
  annexa soa init                           a draft with what the repository shows, every decision still open
  annexa soa diff main                      decisions and reasons that changed since a branch";

/// Arguments of `soa`.
#[derive(Args, Debug)]
#[command(after_help = SOA_HELP, args_conflicts_with_subcommands = true)]
pub struct SoaArgs {
    /// What to do in place of showing.
    #[command(subcommand)]
    pub command: Option<SoaCommand>,

    /// The repository, or one statement in it.
    #[arg(default_value = ".")]
    pub path: PathBuf,

    /// How it is shown.
    #[command(flatten)]
    pub shown: TableFlags,

    /// The commit to show in place of the working tree: an id, a tag, a branch.
    #[arg(long, value_name = "REF")]
    pub at: Option<String>,

    /// The day to judge by; else that of --at, else SOURCE_DATE_EPOCH, else now.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub today: Option<Day>,
}

const LIFECYCLE_HELP: &str = "\
The matrix is annexa's own, not text of a standard. A record of the kind `lifecycle-matrix` in the repository replaces
cells of it by their name, such as `design.analysis`.

Exit codes:
  0  shown
  2  wrong use, no such system, or a cell that names no policy

Examples:
  annexa lifecycle
  annexa lifecycle applicant-screening --output markdown=lifecycle.md";

/// Arguments of `lifecycle`.
#[derive(Args, Debug)]
#[command(after_help = LIFECYCLE_HELP)]
pub struct LifecycleArgs {
    /// The id of one AI system; all that are registered without it.
    pub system: Option<String>,

    /// The repository.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub path: PathBuf,

    /// How it is shown.
    #[command(flatten)]
    pub shown: TableFlags,

    /// The commit to show in place of the working tree: an id, a tag, a branch.
    #[arg(long, value_name = "REF")]
    pub at: Option<String>,

    /// The day to judge by; else that of --at, else SOURCE_DATE_EPOCH, else now.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub today: Option<Day>,
}

/// Flags of every command that shows a table.
#[derive(Args, Debug)]
pub struct TableFlags {
    /// A format, with a file to write it to: text, markdown, csv, xlsx or json. May be given several times.
    #[arg(long, short, value_name = "FORMAT[=FILE]", default_value = "text")]
    pub output: Vec<String>,

    /// Linear text for screen readers.
    #[arg(long)]
    pub plain: bool,
}

/// What `soa` does besides showing.
#[derive(Subcommand, Debug)]
pub enum SoaCommand {
    /// Write a draft: all 38 controls, with what the repository shows of each, and no decision.
    Init(SoaInitArgs),
    /// Compare the decisions with those of another version.
    Diff(SoaDiffArgs),
}

/// Arguments of `soa init`.
#[derive(Args, Debug)]
pub struct SoaInitArgs {
    /// Where to write it: .yaml, .csv, .xlsx or .md; `-` for YAML on standard output.
    #[arg(long, value_name = "FILE", default_value = "governance/soa.yaml")]
    pub to: PathBuf,

    /// Write it though there is a statement already, over a file of this name too.
    #[arg(long)]
    pub force: bool,
}

/// Arguments of `soa diff`.
#[derive(Args, Debug)]
pub struct SoaDiffArgs {
    /// The branch, tag or commit to compare with.
    #[arg(value_name = "BASE")]
    pub base: String,

    /// The repository, or one statement in it.
    #[arg(default_value = ".")]
    pub path: PathBuf,

    /// How it is shown.
    #[command(flatten)]
    pub shown: TableFlags,
}

/// Arguments of `init`.
#[derive(Args, Debug)]
pub struct InitArgs {
    /// The kind of document, or `policy`; annexa.yaml without one.
    pub kind: Option<String>,

    /// A model card to draft a register entry from (with `ai-system`).
    #[arg(long, value_name = "CARD")]
    pub from: Option<PathBuf>,

    /// Where to write it; `-` for standard output.
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,

    /// Overwrite a file that is there.
    #[arg(long)]
    pub force: bool,

    /// What goes with `policy`.
    #[command(flatten)]
    pub policy: PolicyFlags,
}

/// Flags of `init policy`. What is missing is asked for at a terminal.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
#[command(next_help_heading = "With `policy` (what is missing is asked for at a terminal)")]
pub struct PolicyFlags {
    /// What it is called: kebab case, and the name of its file.
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,

    /// What holds when it passes, in one line.
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,

    /// The kind of document that it judges.
    #[arg(long, value_name = "KIND")]
    pub applies_to: Option<String>,

    /// A field that must be filled in.
    #[arg(long, value_name = "FIELD")]
    pub field: Option<String>,

    /// A condition in CEL that must hold, instead of a field.
    #[arg(long, value_name = "CEL", conflicts_with = "field")]
    pub expression: Option<String>,

    /// An Annex A control that it belongs to. May be given several times.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub control: Vec<String>,
}

/// Arguments of `schema`.
#[derive(Args, Debug)]
pub struct SchemaArgs {
    /// A kind, or `annexa`, `policy`, `policy-test`, `report`, `test-report` or `log`; the names without one.
    pub name: Option<String>,
}

/// Arguments of `doctor`.
#[derive(Args, Debug)]
pub struct DoctorArgs {
    /// The repository.
    #[arg(default_value = ".")]
    pub path: PathBuf,

    /// List every file instead of the first few.
    #[arg(long)]
    pub all: bool,
}

/// Arguments of `demo`.
#[derive(Args, Debug)]
pub struct DemoArgs {
    /// Which example; `hiring-gaps` has findings.
    #[arg(default_value = "hiring-gaps")]
    pub example: String,

    /// An empty folder to build it in; else a new temporary one.
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
}

/// Arguments of `completions`.
#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// The shell.
    pub shell: clap_complete::Shell,
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "write a day like 2026-11-23".to_owned())
}
