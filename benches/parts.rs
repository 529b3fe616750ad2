//! What the parts of a run cost, one at a time. `cargo bench --bench parts`; whole processes beside
//! other tools are in `compare`.

use annexa::document::{Kinds, Recogniser, load};
use annexa::engine::cel::{Bindings, Lendable, Lent, Program, Scope, TreeRef, Value, lend, traced};
use annexa::engine::check::{check_policy, environment};
use annexa::engine::{Choice, Compiled, Corpus, CorpusBuilder, Input, Prepared, Sources, judge, run, set_up};
use annexa::facts::{Day, MemorySnapshot};
use annexa::finding::Report;
use annexa::history::Past;
use annexa::policy::{self, Severity};
use annexa::source::SourceFile;
use annexa::value::{Data, Limits, NodeId, Syntax, Tree, read};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::sync::Arc;

/// A record of 2.5 KB as `compare` generates them, and the schema of its kind.
const RECORD: &str = include_str!("data/record.yaml");
const SCHEMA: &str = include_str!("data/model-record.schema.json");

/// How many records a policy is judged on at a time.
const RECORDS: usize = 500;

/// How many records a join joins with as many.
const JOINED: usize = 3_000;

/// Policies from the plainest to a join; each holds on the record, so that what is measured is the
/// evaluation and not the wording of a finding.
const POLICIES: &[(&str, &str)] = &[
    ("one field", "validations: [{expression: has(doc.owner.team)}]"),
    (
        "regular expression",
        r"validations: [{expression: 'doc.owner.email.matches(''^[a-z]+[.][a-z]+@example[.]org$'')'}]",
    ),
    (
        "typical",
        "when: doc.lifecycle.stage in ['verification', 'deployment', 'operation']
variables:
  - name: measured
    expression: doc.metrics.filter(m, has(m.threshold))
validations:
  - name: measured
    expression: variables.measured.size() > 0
  - name: sampled
    expression: variables.measured.all(m, m.sample_size >= 100)
  - name: reviewed
    expression: doc.reviews.exists(r, r.by != doc.owner.name)",
    ),
    (
        "join",
        "validations: [{expression: 'lookup(model_records, ''registry.digest'', doc.registry.digest).size() == 1'}]",
    ),
];

fn records(count: usize) -> MemorySnapshot {
    let text = |number: usize| RECORD.replace("sha256-", &format!("sha256-{number:06}"));
    MemorySnapshot::new((0..count).map(|number| (format!("records/{number:06}.yaml"), text(number))))
}

fn kinds() -> Kinds {
    let mut kinds = Kinds::bundled();
    let schema = Arc::new(SourceFile::new("model-record.schema.json", SCHEMA.into()));
    kinds.add(&schema).expect("the schema is valid");
    kinds
}

fn recogniser(kinds: &Kinds) -> Recogniser {
    Recogniser::new(kinds, &[]).expect("the globs are valid")
}

fn day() -> Day {
    Day::from_seconds(1_770_000_000).expect("a day")
}

/// The record as JSON, for the comparison of the two readers.
fn as_json(tree: &Tree, node: NodeId) -> serde_json::Value {
    match tree.data(node) {
        Data::Map(_) => {
            let entries = tree.entries(node).iter();
            entries.map(|e| (tree.text(&e.key).to_owned(), as_json(tree, e.value))).collect()
        }
        Data::List(_) => tree.items(node).iter().map(|item| as_json(tree, *item)).collect(),
        Data::Bool(b) => (*b).into(),
        Data::Int(i) => (*i).into(),
        Data::Float(f) => (*f).into(),
        _ => tree.scalar_text(node).into(),
    }
}

fn reading(c: &mut Criterion) {
    let limits = Limits::default();
    let yaml = Arc::new(SourceFile::new("record.yaml", RECORD.into()));
    let (tree, problems) = read(Arc::clone(&yaml), Syntax::Yaml, &limits);
    assert!(problems.is_empty());
    let text = serde_json::to_string_pretty(&as_json(&tree, tree.roots()[0])).expect("a value can be written");
    let mut group = c.benchmark_group("read");
    for (name, syntax, text) in [("yaml", Syntax::Yaml, RECORD), ("json", Syntax::Json, text.as_str())] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |b| {
            b.iter(|| read(Arc::new(SourceFile::new("record", text.into())), syntax, &limits));
        });
    }
    let (kinds, limits) = (kinds(), Limits::default());
    let recogniser = recogniser(&kinds);
    group.throughput(Throughput::Bytes(RECORD.len() as u64));
    group.bench_function("yaml, type and check the shape", |b| {
        b.iter(|| {
            let file = Arc::new(SourceFile::new("records/000000.yaml", RECORD.into()));
            let loaded = load(&kinds, &recogniser, file, &limits).expect("a record");
            assert!(loaded.documents[0].problems.is_empty());
            loaded
        });
    });
    group.finish();
}

fn compiling(c: &mut Criterion) {
    let text = "variables.measured.all(m, m.sample_size >= 100 && m.value <= m.threshold)";
    // The environment is made once a process.
    Program::compile(text).expect("it is valid");
    c.bench_function("compile an expression", |b| b.iter(|| Program::compile(black_box(text))));
}

/// All shipped policies: from their texts to programs, and the check of their names and types.
fn catalogue(c: &mut Criterion) {
    let kinds = Kinds::bundled();
    let names = environment(&kinds);
    let mut group = c.benchmark_group("the shipped catalogue");
    group.bench_function("compile", |b| {
        b.iter(|| policy::bundled().iter().map(|p| Compiled::new(p).map_or(0, |_| 1)).sum::<usize>());
    });
    group.bench_function("check", |b| {
        b.iter(|| policy::bundled().iter().map(|p| check_policy(p, &kinds, &names).len()).sum::<usize>());
    });
    group.finish();
}

/// A typical condition: a value among several, a filter, two loops.
const CONDITION: &str = "doc.lifecycle.stage in ['verification', 'deployment', 'operation'] \
&& doc.metrics.filter(m, has(m.threshold)).size() > 0 \
&& doc.metrics.filter(m, has(m.threshold)).all(m, m.sample_size >= 100) \
&& doc.reviews.exists(r, r.by != doc.owner.name)";

struct Bound(Box<dyn Lendable>);

impl Bindings for Bound {
    fn bind<'b>(&'b self, name: &str) -> Option<Lent<'b, 'b>> {
        (name == "doc").then(|| Lent::Borrowed(self.0.as_ref()))
    }
}

/// One typical condition on one record, read already: with the record of what was read and the budget on,
/// and beside it the CEL crate as its manual shows it, where the record is handed over as JSON.
fn evaluating(c: &mut Criterion) {
    let (tree, _) = read(Arc::new(SourceFile::new("record", RECORD.into())), Syntax::Yaml, &Limits::default());
    let root = tree.roots()[0];
    let json = as_json(&tree, root);
    let bound = Bound(lend(&TreeRef { tree: Arc::new(tree), index: 0 }, root));
    let mut group = c.benchmark_group("evaluate a typical condition");
    let program = Program::compile(CONDITION).expect("it is valid");
    group.bench_function("annexa", |b| {
        b.iter(|| {
            let (value, trace) = traced(|| Scope::new(&bound, &[]).evaluate(&program));
            assert!(matches!(value, Ok(Value::Bool(true))) && trace.cost > 0);
        });
    });
    let program = cel::Program::compile(CONDITION).expect("it is valid");
    group.bench_function("the crate alone", |b| {
        b.iter(|| {
            let mut context = cel::Context::default();
            context.add_variable("doc", &json).expect("a value");
            assert_eq!(program.execute(&context), Ok(cel::Value::Bool(true)));
        });
    });
    group.finish();
}

fn corpus(kinds: Kinds, count: usize) -> Arc<Corpus> {
    let snapshot = records(count);
    let recogniser = recogniser(&kinds);
    let limits = Limits::default();
    let documents = (0..count).flat_map(|number| {
        let path = format!("records/{number:06}.yaml");
        let text = annexa::facts::Snapshot::read(&snapshot, &path, limits.bytes).expect("it is there");
        load(&kinds, &recogniser, Arc::new(SourceFile::new(path, text)), &limits).expect("a record").documents
    });
    CorpusBuilder {
        documents: documents.collect(),
        snapshot: Arc::new(snapshot.clone()),
        today: day(),
        kinds: Arc::new(kinds.clone()),
        files: Vec::new(),
        unread: Vec::new(),
        unreadable: Vec::new(),
        shared: Vec::new(),
        organization: None,
        base: None,
        pull_request: None,
        past: Past::none("it is made up"),
        people: Vec::new(),
    }
    .build()
}

/// One policy on one document, from its binding to its judgement with evidence and fingerprint; the
/// time is that of one thread.
fn judging(c: &mut Criterion) {
    let kinds = kinds();
    let corpus = corpus(kinds, RECORDS);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(64 << 20).build().expect("a thread");
    let mut group = c.benchmark_group("judge");
    group.throughput(Throughput::Elements(RECORDS as u64));
    for (name, rules) in POLICIES {
        let text = format!("id: bench\ntitle: Bench\napplies_to: model-record\n{rules}\n");
        let file = Arc::new(SourceFile::new("bench.yaml", text.into_bytes()));
        let (policy, _) = policy::read(&file, "bench").unwrap_or_else(|(_, problems)| panic!("{name}: {problems:?}"));
        let compiled = Compiled::new(&Arc::new(policy)).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        let params = Value::Map(Vec::new()).into_val();
        let prepared =
            [Prepared { compiled: Arc::new(compiled), rule: 0, severity: Severity::Error, params, meter: None }];
        group.bench_function(BenchmarkId::new(*name, RECORDS), |b| {
            one.install(|| {
                b.iter(|| {
                    let judged = judge(&corpus, &prepared);
                    assert_eq!(judged.judgements.len(), RECORDS);
                    judged
                });
            });
        });
    }
    group.finish();
}

/// Every record looks for the records with its own digest: 3,000 x 3,000, on one thread.
fn joining(c: &mut Criterion) {
    let kinds = kinds();
    let corpus = corpus(kinds, JOINED);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(64 << 20).build().expect("a thread");
    let text = "id: bench\ntitle: Bench\napplies_to: model-record\nvalidations:\n  - expression: lookup(model_records, 'registry.digest', doc.registry.digest).size() == 1\n";
    let file = Arc::new(SourceFile::new("bench.yaml", text.into()));
    let (policy, _) = policy::read(&file, "bench").unwrap_or_else(|(_, problems)| panic!("{problems:?}"));
    let compiled = Compiled::new(&Arc::new(policy)).unwrap_or_else(|problems| panic!("{problems:?}"));
    let prepared = [Prepared {
        compiled: Arc::new(compiled),
        rule: 0,
        severity: Severity::Error,
        params: Value::Map(Vec::new()).into_val(),
        meter: None,
    }];
    c.bench_function("join 3,000 x 3,000 by lookup", |b| {
        one.install(|| b.iter(|| assert_eq!(judge(&corpus, &prepared).judgements.len(), JOINED)));
    });
}

/// A whole run on files in memory: what is left of a process when start, disk and output are not counted.
fn running(c: &mut Criterion) {
    let config = Arc::new(SourceFile::new("annexa.yaml", b"schemas: [schemas]\npolicy_dirs: [policies]\n".to_vec()));
    let policies = POLICIES.iter().enumerate().map(|(number, (name, rules))| {
        let text = format!("id: bench-{number}\ntitle: {name}\napplies_to: model-record\n{rules}\n");
        (format!("policies/bench-{number}.yaml"), text)
    });
    let fixed = policies.chain([("schemas/model-record.schema.json".to_owned(), SCHEMA.to_owned())]);
    let record = ("records/000000.yaml".to_owned(), RECORD.to_owned());
    let snapshot = Arc::new(MemorySnapshot::new(fixed.chain([record])));
    let whole = || -> Report {
        let sources = Sources { snapshot: snapshot.as_ref(), config: Some(&config), shipped: &[] };
        let setup = set_up(sources).unwrap_or_else(|faults| panic!("{faults:?}"));
        run(Input {
            snapshot: Arc::clone(&snapshot) as _,
            setup,
            today: day(),
            past: Past::none(""),
            shared: None,
            base: None,
            pull_request: None,
            choice: Choice::default(),
            below: None,
        })
    };
    c.bench_function("run, one record and four policies", |b| b.iter(|| annexa::engine::deep(whole)));
}

criterion_group!(parts, reading, compiling, catalogue, evaluating, judging, joining, running);
criterion_main!(parts);
