#include "include/CSQLiteShims.h"

#include <sqlite3.h>
#include <stddef.h>

int csqliteshims_checkpoint_at_close(void *connection, int is_wanted) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !is_wanted, (int *)NULL);
}
