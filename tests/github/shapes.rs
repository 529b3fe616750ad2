//! What the fake GitHub answers with: whole objects, as GitHub's OpenAPI describes them.

use super::fake::{Comment, Inline, Request, Run, State};
use serde_json::{Value, json};

const MOMENT: &str = "2026-05-28T09:11:02Z";

/// Somebody with an account; null for one that is gone.
pub fn user(login: &str) -> Value {
    if login.is_empty() {
        return Value::Null;
    }
    let api = format!("https://api.github.com/users/{}", login.replace(['[', ']'], ""));
    let mut user = json!({
        "login": login, "id": 501, "node_id": "MDQ6VXNlcjE=", "gravatar_id": "", "site_admin": false,
        "type": if login.ends_with("[bot]") { "Bot" } else { "User" }, "url": api,
        "avatar_url": "https://avatars.example.org/1", "html_url": "https://github.com/somebody",
    });
    for key in [
        "events",
        "followers",
        "following",
        "gists",
        "organizations",
        "received_events",
        "repos",
        "starred",
        "subscriptions",
    ] {
        user[format!("{key}_url")] = json!(format!("{api}/{key}"));
    }
    user
}

fn repository(full_name: &str) -> Value {
    let api = format!("https://api.github.com/repos/{full_name}");
    let (owner, name) = full_name.split_once('/').expect("an owner and a name");
    let page = format!("https://github.com/{full_name}");
    let mut repository = json!({
        "id": 9001, "node_id": "R_kgDOA", "name": name, "full_name": full_name, "owner": user(owner),
        "private": false, "fork": false, "description": null, "url": api, "html_url": page, "default_branch": "main",
        "clone_url": format!("{page}.git"), "ssh_url": "ssh", "git_url": "git", "svn_url": page, "mirror_url": null,
        "homepage": null, "language": null, "license": null, "archived": false, "disabled": false, "size": 1,
        "pushed_at": MOMENT, "created_at": MOMENT, "updated_at": MOMENT, "has_pages": false,
    });
    for key in ["has_downloads", "has_issues", "has_projects", "has_wiki"] {
        repository[key] = json!(true);
    }
    for key in
        ["forks", "forks_count", "open_issues", "open_issues_count", "stargazers_count", "watchers", "watchers_count"]
    {
        repository[key] = json!(0);
    }
    for key in [
        "archive",
        "assignees",
        "blobs",
        "branches",
        "collaborators",
        "comments",
        "commits",
        "compare",
        "contents",
        "contributors",
        "deployments",
        "downloads",
        "events",
        "forks",
        "git_commits",
        "git_refs",
        "git_tags",
        "hooks",
        "issue_comment",
        "issue_events",
        "issues",
        "keys",
        "labels",
        "languages",
        "merges",
        "milestones",
        "notifications",
        "pulls",
        "releases",
        "stargazers",
        "statuses",
        "subscribers",
        "subscription",
        "tags",
        "teams",
        "trees",
    ] {
        repository[format!("{key}_url")] = json!(format!("{api}/{key}"));
    }
    repository
}

fn links(api: &str, keys: &[&str]) -> Value {
    keys.iter()
        .map(|key| ((*key).to_owned(), json!({"href": format!("{api}/{key}")})))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// A pull request in a list.
pub fn listed(state: &State, request: &Request) -> Value {
    let api = format!("https://api.github.com/repos/{}/pulls/{}", state.repository, request.number);
    let side = |repo: Option<&str>, branch: &str, sha: &str| {
        json!({
            "label": format!("octo-org:{branch}"), "ref": branch, "sha": sha, "user": user("octo-org"),
            "repo": repo.map(repository),
        })
    };
    let label = |name: &String| {
        json!({
            "id": 1, "node_id": "LA_", "url": format!("{api}/labels"), "name": name, "description": "",
            "color": "ededed", "default": false,
        })
    };
    let mut found = json!({
        "id": 1, "node_id": "PR_", "number": request.number, "state": "open", "locked": false, "title": request.title,
        "user": user(&request.author), "body": null, "draft": request.draft, "created_at": MOMENT,
        "updated_at": MOMENT, "closed_at": null, "merged_at": null, "merge_commit_sha": null, "assignee": null,
        "milestone": null, "auto_merge": null, "author_association": "MEMBER", "url": api, "html_url": api,
        "diff_url": api, "patch_url": api, "issue_url": api,
        "labels": request.labels.iter().map(label).collect::<Vec<_>>(),
        "_links": links(&api, &["comments", "commits", "html", "issue", "review_comment", "review_comments", "self", "statuses"]),
        "base": side(Some(&state.repository), "main", &request.base), "head": side(request.head_repo.as_deref(), "assess-v2", &request.head),
    });
    for key in ["comments", "commits", "review_comment", "review_comments", "statuses"] {
        found[format!("{key}_url")] = json!(format!("{api}/{key}"));
    }
    if let Some(merged) = &request.merged_at {
        found["state"] = json!("closed");
        found["merged_at"] = json!(merged);
        found["closed_at"] = json!(merged);
    }
    found
}

/// A pull request by itself.
pub fn pull_request(state: &State, request: &Request) -> Value {
    let mut found = listed(state, request);
    for key in ["additions", "changed_files", "comments", "commits", "deletions", "review_comments"] {
        found[key] = json!(1);
    }
    found["mergeable"] = Value::Null;
    found["mergeable_state"] = json!("unknown");
    found["merged"] = json!(request.merged_at.is_some());
    found["maintainer_can_modify"] = json!(false);
    found["merged_by"] = Value::Null;
    found
}

pub fn issue_comment(state: &State, comment: &Comment) -> Value {
    let api = format!("https://api.github.com/repos/{}/issues/comments/{}", state.repository, comment.id);
    json!({
        "id": comment.id, "node_id": "IC_", "url": api, "html_url": api, "issue_url": api,
        "user": user(&comment.author), "body": comment.body, "created_at": MOMENT, "updated_at": MOMENT,
        "author_association": "NONE",
    })
}

pub fn inline(state: &State, comment: &Inline) -> Value {
    let api = format!("https://api.github.com/repos/{}/pulls/comments/{}", state.repository, comment.id);
    let mut found = json!({
        "id": comment.id, "node_id": "PRRC_", "url": api, "html_url": api, "pull_request_url": api,
        "pull_request_review_id": 80, "diff_hunk": "@@ -1,3 +1,9 @@", "path": comment.path, "commit_id": comment.commit,
        "original_commit_id": comment.commit, "user": user(&comment.author), "body": comment.body, "created_at": MOMENT,
        "updated_at": MOMENT, "author_association": "NONE", "side": "RIGHT",
        "_links": links(&api, &["self", "html", "pull_request"]),
    });
    match comment.line {
        Some(line) => found["line"] = json!(line),
        None => found["subject_type"] = json!("file"),
    }
    if let Some(answers) = comment.answers {
        found["in_reply_to_id"] = json!(answers);
    }
    found
}

pub fn review(state: &State, by: &str, what: &str, commit: &str, moment: &str) -> Value {
    let api = format!("https://api.github.com/repos/{}/pulls/7/reviews/80", state.repository);
    json!({
        "id": 80, "node_id": "PRR_", "user": user(by), "body": "", "state": what, "commit_id": commit,
        "html_url": api, "pull_request_url": api, "submitted_at": moment, "author_association": "MEMBER",
        "_links": links(&api, &["html", "pull_request"]),
    })
}

pub fn check_run(run: &Run) -> Value {
    let url = format!("https://api.github.com/check-runs/{}", run.id);
    json!({
        "id": run.id, "node_id": "CR_", "head_sha": run.head, "name": run.name, "url": url, "html_url": url,
        "details_url": url, "status": "completed", "conclusion": run.conclusion, "started_at": MOMENT,
        "completed_at": MOMENT, "external_id": run.external_id, "check_suite": {"id": 5}, "app": null,
        "pull_requests": [],
        "output": {
            "title": run.title, "summary": run.summary, "text": null, "annotations_count": run.annotations.len(),
            "annotations_url": format!("{url}/annotations"),
        },
    })
}
