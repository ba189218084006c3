#ifndef POSTERN_SQLITE_SHIM_H
#define POSTERN_SQLITE_SHIM_H

/// Tells SQLite not to count its memory, which would take a lock at every allocation. Only before
/// the first database is opened; returns an SQLite result code. (The function behind it is variadic.)
int sqliteshim_without_memory_statistics(void);

#endif
