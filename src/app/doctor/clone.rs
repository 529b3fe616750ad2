//! What `annexa doctor` says about the clone: what of the repository it has, and the one line that mends
//! what it lacks.

use crate::io::git::{Shape, commit_graph::CommitGraph};

/// A line of the page: what it is about, and what there is to say.
pub type Line = (&'static str, String);

/// What is worth to be known about a clone.
pub fn lines(shape: &Shape, graph: Option<&CommitGraph>) -> Vec<Line> {
    let mut lines: Vec<Line> = kind(shape).into_iter().map(|text| ("clone", text)).collect();
    lines.push(("tags", tags(shape)));
    if shape.some_branches {
        let text = "some only; what is asked about another one is unknown: `git remote set-branches origin '*'`, then \
                    `git fetch`, brings all";
        lines.push(("branches", text.to_owned()));
    }
    if shape.replaced {
        let text = "`git replace` shows other objects in place of some, git alone: the facts are those of the objects \
                    as they were made; `git replace --list` names them, `git replace -d` removes one";
        lines.push(("replaced", text.to_owned()));
    }
    if shape.grafted {
        let text = "`info/grafts` gives commits other parents, for git alone: the facts are those of the commits as they \
                    were made; remove the file";
        lines.push(("grafts", text.to_owned()));
    }
    lines.push(("commit-graph", commit_graph(shape, graph)));
    lines
}

fn kind(shape: &Shape) -> Vec<String> {
    let mut texts = Vec::new();
    if let Some(filter) = &shape.partial {
        let filter = if filter.is_empty() { String::new() } else { format!(" ({filter})") };
        texts.push(format!(
            "partial{filter}: what the filter left out is missing, and what depends on it is unknown; `git fetch \
             --refetch --no-filter origin` brings it"
        ));
    }
    if shape.sparse {
        let text =
            "sparse: files that are not checked out are not judged; `git sparse-checkout disable` checks them out";
        texts.push(text.to_owned());
    }
    if shape.linked {
        texts.push("one of several work trees of its repository".to_owned());
    }
    if shape.bare {
        texts.push("bare: there are no files, only their history".to_owned());
    } else if shape.detached {
        texts.push("a commit is checked out, no branch, as in most pipelines".to_owned());
    }
    texts
}

fn tags(shape: &Shape) -> String {
    match (shape.tags, shape.without_tags) {
        (count, true) => format!(
            "{count} here; the clone was made without tags, so that a release may not be found: `git fetch --tags` \
             brings them (`fetch-tags: true` in actions/checkout)"
        ),
        (0, false) if shape.shallow => {
            "none here; the fetch may have left them out: `git fetch --tags` (`fetch-tags: true` in actions/checkout)"
                .to_owned()
        }
        (0, false) => "none".to_owned(),
        (count, false) => count.to_string(),
    }
}

fn commit_graph(shape: &Shape, graph: Option<&CommitGraph>) -> String {
    let why_not = match shape {
        shape if shape.shallow => Some("the clone is shallow"),
        shape if shape.replaced => Some("objects are replaced"),
        shape if shape.grafted => Some("commits are grafted"),
        _ => None,
    };
    let makes = "`git commit-graph write --reachable --changed-paths`";
    match (graph, why_not) {
        (None, _) => format!("none; in a large repository that stays, {makes} makes checks faster"),
        (Some(_), Some(why)) => format!("there, and not used, since {why}"),
        (Some(graph), None) if graph.has_filters() => {
            format!("used, {} commits, with their changed paths", graph.len())
        }
        (Some(graph), None) => {
            format!("used, {} commits, without their changed paths; {makes} adds them", graph.len())
        }
    }
}
