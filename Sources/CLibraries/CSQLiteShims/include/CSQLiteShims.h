#ifndef CSQLITESHIMS_H
#define CSQLITESHIMS_H

/// Whether the last connection that closes moves the log into the database's file and empties it, as SQLite does unless it is
/// told otherwise. Swift cannot call sqlite3_db_config, whose arguments vary.
/// - Returns: a result code of SQLite.
int csqliteshims_checkpoint_at_close(void *connection, int is_wanted);

#endif
