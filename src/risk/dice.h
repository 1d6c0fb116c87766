/* xoshiro256++ (Blackman and Vigna, public domain), seeded by splitmix64. Inside the room. */
#ifndef TK_RISK_DICE_H
#define TK_RISK_DICE_H

#include <math.h>
#include <stdint.h>

typedef struct {
    uint64_t s[4];
} Dice;

static inline uint64_t dice_mix(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static inline Dice dice_new(uint64_t seed, uint64_t stream)
{
    uint64_t state = seed;
    state = dice_mix(&state) ^ (stream * UINT64_C(0xD1342543DE82EF95));
    Dice d;
    for (int i = 0; i < 4; i++)
        d.s[i] = dice_mix(&state);
    return d;
}

static inline uint64_t dice_next(Dice *d)
{
    uint64_t *s = d->s, sum = s[0] + s[3], result = ((sum << 23) | (sum >> 41)) + s[0], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 45) | (s[3] >> 19);
    return result;
}

/* In (0, 1]: its logarithm is finite. */
static inline double dice_unit(Dice *d)
{
    return (double)((dice_next(d) >> 11) + 1) * 0x1.0p-53;
}

static inline double dice_exponential(Dice *d, double mean)
{
    return -mean * log(dice_unit(d));
}

static inline double dice_normal(Dice *d)
{
    double radius = sqrt(-2 * log(dice_unit(d))); /* drawn first, whatever the compiler would rather */
    return radius * cos(2 * 3.14159265358979323846 * dice_unit(d));
}

#endif
