/* A narrow door to libvpx's VP8: plain numbers and pointers in and out, so that Rust needs to know none of its structures,
 * which differ between versions. It allocates nothing but its own handles. */

#include <stdint.h>
#include <stdlib.h>

#include <vpx/vp8cx.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>
#include <vpx/vpx_encoder.h>

#define TICKS_PER_SECOND 1000000

typedef struct rtc_vp8_encoder {
    vpx_codec_ctx_t context;
    vpx_codec_enc_cfg_t config;
} rtc_vp8_encoder;

typedef struct rtc_vp8_decoder {
    vpx_codec_ctx_t context;
} rtc_vp8_decoder;

/* A key frame may be as large as half the buffer holds, counted in percent of an ordinary frame, but never less than
 * three ordinary ones: without a bound it would stall a slow line, with a tighter one it would be a smear. */
static unsigned int largest_key_frame(const vpx_codec_enc_cfg_t *config, unsigned int frame_rate) {
    unsigned int percent = config->rc_buf_optimal_sz * frame_rate / 20;
    return percent < 300 ? 300 : percent;
}

static int apply_rate(rtc_vp8_encoder *encoder, unsigned int kbps, unsigned int frame_rate) {
    encoder->config.rc_target_bitrate = kbps;
    return vpx_codec_control(&encoder->context, VP8E_SET_MAX_INTRA_BITRATE_PCT,
                             largest_key_frame(&encoder->config, frame_rate));
}

/* Fails with a null pointer and the library's code in *error. */
rtc_vp8_encoder *rtc_vp8_encoder_new(unsigned int width, unsigned int height, unsigned int kbps, unsigned int frame_rate,
                                     unsigned int threads, int speed, int is_screen, int *error) {
    rtc_vp8_encoder *encoder = calloc(1, sizeof(*encoder));
    if (!encoder) {
        *error = VPX_CODEC_MEM_ERROR;
        return NULL;
    }
    vpx_codec_enc_cfg_t *config = &encoder->config;
    *error = vpx_codec_enc_config_default(vpx_codec_vp8_cx(), config, 0);
    if (*error) {
        free(encoder);
        return NULL;
    }
    config->g_w = width;
    config->g_h = height;
    config->g_threads = threads;
    config->g_timebase.num = 1;
    config->g_timebase.den = TICKS_PER_SECOND;
    config->g_lag_in_frames = 0;
    config->g_error_resilient = VPX_ERROR_RESILIENT_DEFAULT;
    config->g_pass = VPX_RC_ONE_PASS;
    config->rc_end_usage = VPX_CBR;
    config->rc_target_bitrate = kbps;
    config->rc_resize_allowed = 0;
    config->rc_min_quantizer = is_screen ? 4 : 2;
    config->rc_max_quantizer = 56;
    config->rc_undershoot_pct = 100;
    config->rc_overshoot_pct = 15;
    config->rc_buf_initial_sz = 500;
    config->rc_buf_optimal_sz = 600;
    config->rc_buf_sz = 1000;
    config->rc_dropframe_thresh = 30;
    /* Only when asked for: viewers come and go, and the engine knows when one needs a key frame. */
    config->kf_mode = VPX_KF_DISABLED;

    *error = vpx_codec_enc_init(&encoder->context, vpx_codec_vp8_cx(), config, 0);
    if (*error) {
        free(encoder);
        return NULL;
    }
    /* None of these can fail on a value in its range; a version without one still encodes. */
    vpx_codec_control(&encoder->context, VP8E_SET_CPUUSED, speed);
    vpx_codec_control(&encoder->context, VP8E_SET_STATIC_THRESHOLD, is_screen ? 100u : 1u);
    vpx_codec_control(&encoder->context, VP8E_SET_NOISE_SENSITIVITY, 0u);
    vpx_codec_control(&encoder->context, VP8E_SET_TOKEN_PARTITIONS, (int)VP8_ONE_TOKENPARTITION);
    vpx_codec_control(&encoder->context, VP8E_SET_SCREEN_CONTENT_MODE, is_screen ? 1u : 0u);
    apply_rate(encoder, kbps, frame_rate);
    return encoder;
}

int rtc_vp8_encoder_rate(rtc_vp8_encoder *encoder, unsigned int kbps, unsigned int frame_rate) {
    apply_rate(encoder, kbps, frame_rate);
    return vpx_codec_enc_config_set(&encoder->context, &encoder->config);
}

/* One picture of the size the encoder was made for. Afterwards *data is what came out, valid until the next call, or null
 * when the picture was left out. */
int rtc_vp8_encode(rtc_vp8_encoder *encoder, const uint8_t *y, const uint8_t *u, const uint8_t *v, int y_stride,
                   int uv_stride, int64_t time, unsigned long duration, int force_key, const uint8_t **data, size_t *length,
                   int *is_key) {
    *data = NULL;
    *length = 0;
    *is_key = 0;
    vpx_image_t image;
    if (!vpx_img_wrap(&image, VPX_IMG_FMT_I420, encoder->config.g_w, encoder->config.g_h, 1, (unsigned char *)y))
        return VPX_CODEC_INVALID_PARAM;
    /* The encoder only reads, but its structure has no const. */
    image.planes[VPX_PLANE_U] = (unsigned char *)u;
    image.planes[VPX_PLANE_V] = (unsigned char *)v;
    image.stride[VPX_PLANE_Y] = y_stride;
    image.stride[VPX_PLANE_U] = uv_stride;
    image.stride[VPX_PLANE_V] = uv_stride;

    int error = vpx_codec_encode(&encoder->context, &image, time, duration, force_key ? VPX_EFLAG_FORCE_KF : 0,
                                 VPX_DL_REALTIME);
    if (error)
        return error;
    vpx_codec_iter_t iterator = NULL;
    const vpx_codec_cx_pkt_t *packet;
    while ((packet = vpx_codec_get_cx_data(&encoder->context, &iterator))) {
        if (packet->kind != VPX_CODEC_CX_FRAME_PKT || packet->data.frame.sz == 0)
            continue;
        *data = packet->data.frame.buf;
        *length = packet->data.frame.sz;
        *is_key = (packet->data.frame.flags & VPX_FRAME_IS_KEY) != 0;
        /* With one token partition output and no lag there is one packet a picture. */
        break;
    }
    return VPX_CODEC_OK;
}

void rtc_vp8_encoder_free(rtc_vp8_encoder *encoder) {
    vpx_codec_destroy(&encoder->context);
    free(encoder);
}

rtc_vp8_decoder *rtc_vp8_decoder_new(int *error) {
    rtc_vp8_decoder *decoder = calloc(1, sizeof(*decoder));
    if (!decoder) {
        *error = VPX_CODEC_MEM_ERROR;
        return NULL;
    }
    vpx_codec_dec_cfg_t config = {.threads = 1};
    *error = vpx_codec_dec_init(&decoder->context, vpx_codec_vp8_dx(), &config, 0);
    if (*error) {
        free(decoder);
        return NULL;
    }
    return decoder;
}

/* Afterwards planes, strides, width and height describe the picture, valid until the next call; planes[0] is null when
 * there is none. */
int rtc_vp8_decode(rtc_vp8_decoder *decoder, const uint8_t *data, unsigned int length, const uint8_t *planes[3],
                   int strides[3], unsigned int *width, unsigned int *height, int *is_corrupt) {
    planes[0] = NULL;
    *is_corrupt = 0;
    int error = vpx_codec_decode(&decoder->context, data, length, NULL, 0);
    vpx_codec_iter_t iterator = NULL;
    const vpx_image_t *image = vpx_codec_get_frame(&decoder->context, &iterator);
    if (error)
        return error;
    vpx_codec_control(&decoder->context, VP8D_GET_FRAME_CORRUPTED, is_corrupt);
    if (!image)
        return VPX_CODEC_OK;
    for (int i = 0; i < 3; i++) {
        planes[i] = image->planes[i];
        strides[i] = image->stride[i];
    }
    *width = image->d_w;
    *height = image->d_h;
    return VPX_CODEC_OK;
}

void rtc_vp8_decoder_free(rtc_vp8_decoder *decoder) {
    vpx_codec_destroy(&decoder->context);
    free(decoder);
}

const char *rtc_vp8_error(int error) {
    return vpx_codec_err_to_string((vpx_codec_err_t)error);
}
