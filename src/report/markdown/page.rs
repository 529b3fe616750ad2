//! A page that never gets longer than it may: whole parts are left out and counted.

use crate::report::words::count;

/// A page in the making.
pub(super) struct Page {
    out: String,
}

impl Page {
    pub(super) fn new() -> Self {
        Page { out: String::new() }
    }

    /// A line, and an empty one after it.
    pub(super) fn paragraph(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push_str("\n\n");
    }

    /// Text as it is.
    pub(super) fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Items, one behind the other, as long as the page stays within `until` bytes; gives how many were
    /// left out. An item that is too long is left out, and shorter ones after it are still taken.
    pub(super) fn items(&mut self, items: impl IntoIterator<Item = String>, until: usize) -> usize {
        let mut left_out = 0;
        for item in items {
            if self.out.len() + item.len() < until {
                self.out.push_str(&item);
            } else {
                left_out += 1;
            }
        }
        left_out
    }

    /// Says how many did not fit, where some did not.
    pub(super) fn dropped(&mut self, left_out: usize, one: &str, many: &str) {
        if left_out > 0 {
            let verb = if left_out == 1 { "is" } else { "are" };
            let rest = count(left_out, one, many);
            self.paragraph(&format!("{rest} more {verb} not shown here; the JSON report has all."));
        }
    }

    pub(super) fn finish(self) -> String {
        format!("{}\n", self.out.trim_end())
    }
}
