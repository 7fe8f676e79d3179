#include "include/CSQLiteShims.h"

#include <stddef.h>

int csqliteshims_checkpoint_at_close(sqlite3 *connection, int is_wanted) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !is_wanted, (int *)NULL);
}

int csqliteshims_bind_text(sqlite3_stmt *statement, int place, const char *text, int length) {
    return sqlite3_bind_text(statement, place, length == 0 ? "" : text, length, SQLITE_TRANSIENT);
}

int csqliteshims_bind_blob(sqlite3_stmt *statement, int place, const void *bytes, int length) {
    return sqlite3_bind_blob(statement, place, length == 0 ? "" : bytes, length, SQLITE_TRANSIENT);
}
