#ifndef CLINUX_H
#define CLINUX_H

#include "Arguments.h"
#include "Attributes.h"
#include "Clock.h"
#include "Durability.h"
#include "Mounting.h"
#include "Namespaces.h"
#include "Preforking.h"
#include "Protection.h"
#include "Sandbox.h"
#include "Searching.h"
#include "Spawning.h"
#include "Switching.h"
#include "Terminal.h"

#endif
