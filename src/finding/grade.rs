//! What an outcome that holds rests on.

/// How much stands behind an outcome that holds. The order is from little to much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// The record says so itself.
    #[default]
    Declared,
    /// Something else in the repository is there and agrees: another record, a file.
    Evidenced,
    /// The git history agrees too, by what follows from its objects: which commit led to which, what a
    /// tree held. Dates and names in commits are claims, and raise nothing.
    Corroborated,
}

impl Grade {
    /// All grades in their order.
    pub const ALL: [Grade; 3] = [Grade::Declared, Grade::Evidenced, Grade::Corroborated];

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Grade::Declared => "declared",
            Grade::Evidenced => "evidenced",
            Grade::Corroborated => "corroborated",
        }
    }
}

/// How many outcomes that hold have each grade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grades([usize; 3]);

impl Grades {
    /// Counts one.
    pub fn add(&mut self, grade: Grade) {
        self.0[grade as usize] += 1;
    }

    /// How many have this grade.
    pub fn of(&self, grade: Grade) -> usize {
        self.0[grade as usize]
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.0.iter().sum()
    }

    /// The highest grade that one has.
    pub fn highest(&self) -> Option<Grade> {
        Grade::ALL.into_iter().rev().find(|grade| self.of(*grade) > 0)
    }
}
