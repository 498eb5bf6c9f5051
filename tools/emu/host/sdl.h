#pragma once
/*
 * SDL2, loaded when somebody wants a window or sound: with it the emulator would take three times
 * as long to start. Its functions are the members of `sdl`, without their prefix.
 */
#ifdef HAVE_SDL2
#    include <SDL.h>
#    include <stdbool.h>
#    include <stddef.h>

#    define SDL_FUNCTIONS(F)              \
        F(CloseAudioDevice)               \
        F(CreateColorCursor)              \
        F(CreateRGBSurfaceWithFormatFrom) \
        F(CreateRenderer)                 \
        F(CreateTexture)                  \
        F(CreateTextureFromSurface)       \
        F(CreateWindow)                   \
        F(Delay)                          \
        F(DestroyRenderer)                \
        F(DestroyTexture)                 \
        F(DestroyWindow)                  \
        F(EnableScreenSaver)              \
        F(FreeCursor)                     \
        F(FreeSurface)                    \
        F(GetCurrentVideoDriver)          \
        F(GetDefaultCursor)               \
        F(GetDisplayUsableBounds)         \
        F(GetError)                       \
        F(GetQueuedAudioSize)             \
        F(GetWindowDisplayIndex)          \
        F(GetWindowFlags)                 \
        F(InitSubSystem)                  \
        F(LockTexture)                    \
        F(OpenAudioDevice)                \
        F(PauseAudioDevice)               \
        F(PollEvent)                      \
        F(QueueAudio)                     \
        F(QuitSubSystem)                  \
        F(RenderClear)                    \
        F(RenderCopy)                     \
        F(RenderPresent)                  \
        F(RenderSetLogicalSize)           \
        F(SetCursor)                      \
        F(SetHint)                        \
        F(SetRelativeMouseMode)           \
        F(SetRenderDrawColor)             \
        F(SetTextureBlendMode)            \
        F(SetWindowFullscreen)            \
        F(SetWindowGrab)                  \
        F(SetWindowSize)                  \
        F(SetWindowTitle)                 \
        F(StopTextInput)                  \
        F(UnlockTexture)                  \
        F(WasInit)

struct sdl {
#    define MEMBER(name) __typeof__(SDL_##name) *name;
    SDL_FUNCTIONS(MEMBER)
#    undef MEMBER
};
extern struct sdl sdl;

/* Load it, once. False with a line in err if that is not possible; then nothing of sdl is there. */
bool sdl_load(char *err, size_t err_size);
#endif
