// libxml2 built with ICU includes unicode headers that collide with Foundation's module of the same
// types, so the macro goes before any other header of libxml2 is read.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
