#ifndef CLINUX_H
#define CLINUX_H

#include "Durability.h"
#include "Spawning.h"

#endif
