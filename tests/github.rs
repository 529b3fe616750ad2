//! GitHub: events of workflow runs, and what is read from and written to the platform.

mod events;
