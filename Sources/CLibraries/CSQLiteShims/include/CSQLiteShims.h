#ifndef CSQLITESHIMS_H
#define CSQLITESHIMS_H

#include <sqlite3.h>

/// Whether the last connection that closes moves the log into the database's file and empties it, as SQLite does unless it is
/// told otherwise. Swift cannot call sqlite3_db_config, whose arguments vary.
/// - Returns: a result code of SQLite.
int csqliteshims_checkpoint_at_close(sqlite3 *connection, int is_wanted);

/// sqlite3_bind_text with a copy of the text: SQLITE_TRANSIENT is a pointer that Swift has no word for.
int csqliteshims_bind_text(sqlite3_stmt *statement, int place, const char *text, int length);

/// sqlite3_bind_blob with a copy of the bytes. No bytes are an empty blob, and not NULL.
int csqliteshims_bind_blob(sqlite3_stmt *statement, int place, const void *bytes, int length);

#endif
