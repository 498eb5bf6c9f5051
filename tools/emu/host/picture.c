#include "tools/emu/host/picture.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef HAVE_PNG
#    include <png.h>
#endif

static bool ends_in(const char *path, const char *ending)
{
    size_t n = strlen(path), k = strlen(ending);

    return n > k && strcmp(path + n - k, ending) == 0;
}

/* May a file be made in the folder that this one is to be in? */
static bool is_folder_writable(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash != NULL ? strndup(path, (size_t)(slash - path) + 1) : NULL;
    bool good = access(slash == NULL ? "." : folder != NULL ? folder : "", W_OK | X_OK) == 0;

    free(folder);
    return good;
}

/* Without writing anything yet: the picture may never be taken. */
static bool is_writable(const char *path, const char **why)
{
    if (access(path, F_OK) == 0 ? access(path, W_OK) == 0 : is_folder_writable(path))
        return true;
    *why = strerror(errno);
    return false;
}

bool picture_can_write(const char *path, const char **why)
{
    if (ends_in(path, ".ppm"))
        return is_writable(path, why);
#ifdef HAVE_PNG
    if (ends_in(path, ".png"))
        return is_writable(path, why);
    *why = "the file's name must end in .png or .ppm";
#else
    *why = ends_in(path, ".png") ? "built without libpng; a name that ends in .ppm will do"
                                 : "the file's name must end in .ppm";
#endif
    return false;
}

/* Bytes red, green, blue of a row. */
static void unpack(uint8_t *out, const uint32_t *pixels, uint32_t width)
{
    for (uint32_t x = 0; x < width; x++) {
        *out++ = (uint8_t)(pixels[x] >> 16);
        *out++ = (uint8_t)(pixels[x] >> 8);
        *out++ = (uint8_t)pixels[x];
    }
}

static bool write_ppm(FILE *f, uint8_t *row, const uint32_t *pixels, uint32_t width,
                      uint32_t height)
{
    if (fprintf(f, "P6\n%" PRIu32 " %" PRIu32 "\n255\n", width, height) < 0)
        return false;
    for (uint32_t y = 0; y < height; y++) {
        unpack(row, pixels + (size_t)y * width, width);
        if (fwrite(row, 3, width, f) != width)
            return false;
    }
    return true;
}

#ifdef HAVE_PNG
/* What is wrong is said by whoever wanted the picture. */
static void on_png_error(png_structp png, png_const_charp what)
{
    (void)what;
    png_longjmp(png, 1);
}

static void on_png_warning(png_structp png, png_const_charp what)
{
    (void)png;
    (void)what;
}

static bool write_png(FILE *f, uint8_t *row, const uint32_t *pixels, uint32_t width,
                      uint32_t height)
{
    png_structp png =
        png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, on_png_error, on_png_warning);
    png_infop info = png != NULL ? png_create_info_struct(png) : NULL;

    if (info == NULL || setjmp(png_jmpbuf(png)) != 0) {
        png_destroy_write_struct(&png, &info);
        return false;
    }
    png_init_io(png, f);
    /* Screens are plain areas and text: level 1 is small enough, and quick. */
    png_set_compression_level(png, 1);
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
    png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (uint32_t y = 0; y < height; y++) {
        unpack(row, pixels + (size_t)y * width, width);
        png_write_row(png, row);
    }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return true;
}
#endif

int picture_write(const char *path, const uint32_t *pixels, uint32_t width, uint32_t height)
{
    FILE *f = fopen(path, "wb");
    uint8_t *row = malloc((size_t)width * 3 + 1);
    bool good = false;
    int err;

    errno = f == NULL ? errno : 0;
    if (f != NULL && row != NULL) {
#ifdef HAVE_PNG
        if (ends_in(path, ".png"))
            good = write_png(f, row, pixels, width, height);
        else
#endif
            good = write_ppm(f, row, pixels, width, height);
    }
    err = errno != 0 ? errno : EIO;
    if (f != NULL && fclose(f) != 0 && good) {
        err = errno;
        good = false;
    }
    free(row);
    errno = err;
    return good ? 0 : -1;
}
