//! The 38 controls, their groups and objectives.

use super::normalise::normalise;

/// How far a repository can show a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Checkability {
    /// In the main: that the evidence is there and consistent. Never that the control works.
    Mostly,
    /// Partly: that a record is there, fresh and consistent; whether it is good needs a person.
    Partly,
    /// Not: only a person can say so.
    Attested,
}

impl Checkability {
    /// The word in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Checkability::Mostly => "mostly",
            Checkability::Partly => "partly",
            Checkability::Attested => "attested",
        }
    }
}

/// A group of controls with its objective.
#[derive(Debug, PartialEq, Eq)]
pub struct Group {
    /// Such as `A.7` or `A.6.2`. It is no control.
    pub id: &'static str,
    /// Id of its objective, such as `A.7.1`; `A.6` has none of its own.
    pub objective: Option<&'static str>,
    /// Its short title.
    pub title: &'static str,
    /// What the group is for, in our words.
    pub purpose: &'static str,
}

impl Group {
    /// Its controls; those of `A.6.1` and `A.6.2` for `A.6`.
    pub fn controls(&self) -> impl Iterator<Item = &'static Control> {
        CONTROLS.iter().filter(|control| is_below(control.id, self.id))
    }
}

/// An Annex A control.
#[derive(Debug, PartialEq, Eq)]
pub struct Control {
    /// Such as `A.6.2.4`.
    pub id: &'static str,
    /// Its short title.
    pub title: &'static str,
    /// Id of the group with its objective, such as `A.6.2`.
    pub group: &'static str,
    /// What it asks for, in our words.
    pub meaning: &'static str,
    /// How far a repository can show it.
    pub checkability: Checkability,
    /// What in a repository shows it.
    pub evidence: &'static str,
}

/// Whether `id` lies below `group`, part by part: `A.10.2` is not below `A.1`.
fn is_below(id: &str, group: &str) -> bool {
    id.strip_prefix(group).is_some_and(|rest| rest.starts_with('.'))
}

/// The control of this id, in any usual spelling.
pub fn control(id: &str) -> Option<&'static Control> {
    let id = normalise(id)?;
    CONTROLS.iter().find(|control| control.id == id)
}

/// The group of this id, in any usual spelling.
pub fn group(id: &str) -> Option<&'static Group> {
    let id = normalise(id)?;
    GROUPS.iter().find(|group| group.id == id)
}

/// The groups, in their order.
#[rustfmt::skip]
pub static GROUPS: &[Group] = &[
    Group { id: "A.2", objective: Some("A.2.1"), title: "Policies related to AI", purpose: "Management gives direction for AI that fits the business" },
    Group { id: "A.3", objective: Some("A.3.1"), title: "Internal organization", purpose: "It is clear who answers for responsible AI" },
    Group { id: "A.4", objective: Some("A.4.1"), title: "Resources for AI systems", purpose: "Everything that a system depends on is known, so that its risks and impacts can be seen" },
    Group { id: "A.5", objective: Some("A.5.1"), title: "Assessing impacts of AI systems", purpose: "Effects on people, groups and society are assessed along the whole life of a system" },
    Group { id: "A.6", objective: None, title: "AI system life cycle", purpose: "Systems are developed and run by aims, criteria and requirements" },
    Group { id: "A.6.1", objective: Some("A.6.1.1"), title: "Management guidance for AI system development", purpose: "Aims for responsible AI are set and built into the process" },
    Group { id: "A.6.2", objective: Some("A.6.2.1"), title: "AI system life cycle", purpose: "Each stage has its criteria and requirements" },
    Group { id: "A.7", objective: Some("A.7.1"), title: "Data for AI systems", purpose: "The role and the effect of data are understood and controlled" },
    Group { id: "A.8", objective: Some("A.8.1"), title: "Information for interested parties", purpose: "Those who need it get what they need to judge risks and effects" },
    Group { id: "A.9", objective: Some("A.9.1"), title: "Use of AI systems", purpose: "The organisation uses AI responsibly and by its own policy" },
    Group { id: "A.10", objective: Some("A.10.1"), title: "Third-party and customer relationships", purpose: "Duties are understood and stay assigned where others are involved" },
];

const fn row(
    id: &'static str,
    title: &'static str,
    group: &'static str,
    checkability: Checkability,
    meaning: &'static str,
    evidence: &'static str,
) -> Control {
    Control { id, title, group, meaning, checkability, evidence }
}

use Checkability::{Attested, Mostly, Partly};

/// The 38 controls, in their order.
#[rustfmt::skip]
pub static CONTROLS: &[Control] = &[
    row("A.2.2", "AI policy", "A.2", Partly,
        "There is a written policy for developing or using AI.",
        "A policy document with owner, approver, version, scope and next review; the approver is not its only author."),
    row("A.2.3", "Alignment with other organizational policies", "A.2", Partly,
        "Other policies that touch AI are found and brought into line with it.",
        "The AI policy names the related ones (privacy, security, staff, purchasing), each can be found, and none changed since they were compared."),
    row("A.2.4", "Review of the AI policy", "A.2", Mostly,
        "The AI policy is reviewed at planned times and when needed.",
        "A change in substance or a review entry within the interval that the policy itself sets."),
    row("A.3.2", "AI roles and responsibilities", "A.3", Partly,
        "Roles for AI are defined and given to somebody.",
        "Every system has an owner, a risk owner and an oversight role, and each can be found among the people or teams of the repository."),
    row("A.3.3", "Reporting of concerns", "A.3", Attested,
        "There is a way to raise concerns about the organisation's AI.",
        "A link to the channel with a word on confidentiality, or the statement of somebody who answers for it."),
    row("A.4.2", "Resource documentation", "A.4", Mostly,
        "It is written down what each stage of a system needs.",
        "The register entry or a bill of materials lists models, data, tools and computing, and changes together with them."),
    row("A.4.3", "Data resources", "A.4", Mostly,
        "The data that a system uses are documented.",
        "A contract or card for every dataset that a model card or the register names, with its use: training, validation, test or inference."),
    row("A.4.4", "Tooling resources", "A.4", Mostly,
        "Tools are documented: frameworks, training, evaluation, annotation.",
        "Tools with pinned versions, and a lock file that changes together with the list."),
    row("A.4.5", "System and computing resources", "A.4", Partly,
        "Computing and the environment it runs in are documented.",
        "The environment, hardware and energy use, with a link to the infrastructure code."),
    row("A.4.6", "Human resources", "A.4", Attested,
        "The people and the competences that a system needs are documented.",
        "A list of competences by role with dates, or the statement of somebody who answers for it."),
    row("A.5.2", "AI system impact assessment process", "A.5", Partly,
        "A process says when impacts are assessed, by whom, how, and what counts as too much.",
        "A process document with triggers, roles, thresholds, interval and version; every assessment names that version."),
    row("A.5.3", "Documentation of AI system impact assessments", "A.5", Mostly,
        "Results of impact assessments are recorded and kept.",
        "An impact assessment for every system in scope, older than the first release, never deleted."),
    row("A.5.4", "Assessing AI system impact on individuals or groups", "A.5", Mostly,
        "Effects on people and groups are assessed over the whole life of the system.",
        "Affected groups with their intersections, harms and benefits with severity and likelihood, measures, what remains; renewed after a change of model, data or use."),
    row("A.5.5", "Assessing societal impacts of AI systems", "A.5", Partly,
        "Effects on society are assessed: environment, democracy, work.",
        "A part on society that is neither empty nor template text; `none, because ...` with a reason is enough."),
    row("A.6.1.2", "Objectives for responsible development of AI system", "A.6.1", Partly,
        "Aims such as fairness and safety are set and used in development.",
        "Objectives with metric and threshold, each of which appears in a requirement and in an evaluation report."),
    row("A.6.1.3", "Processes for responsible AI system design and development", "A.6.1", Partly,
        "A process says how systems are designed and developed responsibly: stages, tests, oversight, training data, approvals.",
        "A process document, a template for pull requests, code owners; changes to models that went through review."),
    row("A.6.2.2", "AI system requirements and specification", "A.6.2", Mostly,
        "What the system must do is stated and documented.",
        "Requirements with a measure and a threshold, traced to tests, changed together with the system."),
    row("A.6.2.3", "Documentation of AI system design and development", "A.6.2", Mostly,
        "Design choices are documented.",
        "A model card or design record with architecture, parameters and assumptions, changed together with them."),
    row("A.6.2.4", "AI system verification and validation", "A.6.2", Mostly,
        "There are measures and criteria for testing, and it is said when to use them.",
        "An evaluation report with dataset, version, split, metric, value, threshold, slices, date and evaluator, bound to the model that is released."),
    row("A.6.2.5", "AI system deployment", "A.6.2", Mostly,
        "There is a plan for deployment, and its criteria are met before it.",
        "A release record with criteria, approver, way back and environment; the approval is older than the release tag."),
    row("A.6.2.6", "AI system operation and monitoring", "A.6.2", Partly,
        "Performance, drift, errors, updates and support are looked after in use.",
        "A monitoring plan with metric, threshold, frequency, owner and drift method, and a latest report within the frequency."),
    row("A.6.2.7", "AI system technical documentation", "A.6.2", Mostly,
        "Users, partners and authorities each get the documents they need.",
        "Documents that name their audience, changed together with the release."),
    row("A.6.2.8", "AI system recording of event logs", "A.6.2", Partly,
        "It is decided at which stages event logs are kept, at least while in use.",
        "A log specification with events, fields, retention and access, and a link to the configuration."),
    row("A.7.2", "Data for development and enhancement of AI system", "A.7", Mostly,
        "Data for development are managed.",
        "A data contract with purpose, owner and classes of data, changed together with schema and pipeline."),
    row("A.7.3", "Acquisition of data", "A.7", Mostly,
        "It is known where data come from and on what terms.",
        "A contract or card with source, licence or terms, legal basis, way of collection, dates and rights holder."),
    row("A.7.4", "Quality of data for AI systems", "A.7", Mostly,
        "Quality requirements for data are set and met.",
        "Quality rules for each dataset and each use, with dimension, threshold and last result."),
    row("A.7.5", "Data provenance", "A.7", Mostly,
        "Origin and changes of data are recorded over their life.",
        "A chain from the model back to raw sources: each derived set names inputs, transformation and version or hash."),
    row("A.7.6", "Data preparation", "A.7", Mostly,
        "Criteria and methods for preparing data are set.",
        "Preparation steps, labelling, exclusions, splits and a check for leakage."),
    row("A.8.2", "System documentation and information for users", "A.8", Mostly,
        "Users get the information that they need.",
        "A document for users with purpose, limits, human oversight, contact and version, changed together with what they see."),
    row("A.8.3", "External reporting", "A.8", Partly,
        "People outside can report adverse effects.",
        "A public channel in the documentation or the model card."),
    row("A.8.4", "Communication of incidents", "A.8", Partly,
        "There is a plan for telling users about incidents.",
        "A plan with audiences and deadlines, and incidents that were told within them."),
    row("A.8.5", "Information for interested parties", "A.8", Partly,
        "Duties to report to authorities and others are known and met.",
        "A list of who has to be told what, by when, and how far it is."),
    row("A.9.2", "Processes for responsible use of AI systems", "A.9", Partly,
        "Rules say how AI is used: approval, oversight, cost, law.",
        "Rules of use, and for each system an oversight plan whose override was tried in production."),
    row("A.9.3", "Objectives for responsible use of AI system", "A.9", Partly,
        "Aims for the use of AI are set.",
        "Objectives with a measure and a day of review."),
    row("A.9.4", "Intended use of the AI system", "A.9", Mostly,
        "Systems are used as intended and documented.",
        "A model card with intended and out-of-scope use, and uses that stay inside it."),
    row("A.10.2", "Allocating responsibilities", "A.10", Mostly,
        "Duties are divided between partners, suppliers, customers and the organisation.",
        "A matrix of tasks and stages for each third-party part, without an empty cell."),
    row("A.10.3", "Suppliers", "A.10", Partly,
        "What suppliers deliver meets the organisation's own approach to responsible AI.",
        "A supplier register with assessment, terms, pinned version and way out; every model of others has an entry."),
    row("A.10.4", "Customers", "A.10", Partly,
        "What customers expect and need is considered.",
        "Commitments, instructions and notices for customers."),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn there_are_38_controls_in_nine_sums() {
        assert_eq!(CONTROLS.len(), 38);
        let sums = ["A.2", "A.3", "A.4", "A.5", "A.6", "A.7", "A.8", "A.9", "A.10"]
            .map(|id| group(id).expect("a group of the annex").controls().count());
        assert_eq!(sums, [3, 2, 5, 4, 9, 5, 4, 3, 3]);
    }

    #[test]
    fn the_set_is_exactly_the_annex() {
        let expected = "A.2.2 A.2.3 A.2.4 A.3.2 A.3.3 A.4.2 A.4.3 A.4.4 A.4.5 A.4.6 A.5.2 A.5.3 A.5.4 A.5.5 A.6.1.2 A.6.1.3 \
            A.6.2.2 A.6.2.3 A.6.2.4 A.6.2.5 A.6.2.6 A.6.2.7 A.6.2.8 A.7.2 A.7.3 A.7.4 A.7.5 A.7.6 A.8.2 A.8.3 A.8.4 A.8.5 \
            A.9.2 A.9.3 A.9.4 A.10.2 A.10.3 A.10.4";
        let ids: Vec<_> = CONTROLS.iter().map(|control| control.id).collect();
        assert_eq!(ids, expected.split_whitespace().collect::<Vec<_>>());
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 38, "no id twice");
    }

    #[test]
    fn the_classes_are_19_mostly_17_partly_2_attested() {
        let count = |class| CONTROLS.iter().filter(|control| control.checkability == class).count();
        assert_eq!([count(Mostly), count(Partly), count(Attested)], [19, 17, 2]);
    }

    #[test]
    fn every_control_names_the_group_that_has_its_objective() {
        for control in CONTROLS {
            let group = group(control.group).expect("a group of the annex");
            assert!(is_below(control.id, group.id), "{}", control.id);
            assert!(group.objective.is_some(), "{}", control.id);
        }
    }

    #[test]
    fn groups_and_objectives_are_11_and_10() {
        assert_eq!(GROUPS.len(), 11);
        let objectives: Vec<_> = GROUPS.iter().filter_map(|group| group.objective).collect();
        let expected = ["A.2.1", "A.3.1", "A.4.1", "A.5.1", "A.6.1.1", "A.6.2.1", "A.7.1", "A.8.1", "A.9.1", "A.10.1"];
        assert_eq!(objectives, expected);
    }
}
