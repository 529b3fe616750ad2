//! Annex A controls and clauses of ISO/IEC 42001:2023 as data: ids, short titles, our own words.
