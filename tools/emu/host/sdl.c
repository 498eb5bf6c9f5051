#include "tools/emu/host/sdl.h"

#ifdef HAVE_SDL2
#    include <dlfcn.h>
#    include <stdio.h>

/* The library of the headers' version, by the name programs link with. */
#    ifdef __APPLE__
#        define LIBRARY "libSDL2-2.0.0.dylib"
#    else
#        define LIBRARY "libSDL2-2.0.so.0"
#    endif

struct sdl sdl;

bool sdl_load(char *err, size_t err_size)
{
    static const char *const names[] = {
#    define NAME(name) "SDL_" #    name,
        SDL_FUNCTIONS(NAME)
#    undef NAME
    };
    static void *library;
    void **members = (void **)&sdl;

    if (library != NULL)
        return true;
    library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        snprintf(err, err_size, "%s", dlerror());
        return false;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        members[i] = dlsym(library, names[i]);
        if (members[i] == NULL) {
            snprintf(err, err_size, "%s", dlerror());
            dlclose(library);
            library = NULL;
            return false;
        }
    }
    return true;
}
#endif
