//! Clones as pipelines make them: what cannot be known is a gap with the line that mends it.
