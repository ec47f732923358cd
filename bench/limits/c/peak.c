// How many fused multiply-adds of doubles a core does in a nanosecond, with vectors of VECTOR bytes: twelve chains side by side,
// in assembly because compilers find out that the chains are equal.
#include <stdio.h>
#include <time.h>
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + 1e-9 * t.tv_nsec; }
typedef double vector __attribute__((vector_size(VECTOR)));
enum { chains = 12, rounds = 1000000 };
#define FMA(k) "vfmadd231pd %12, %12, %" #k "\n"

int main(void) {
	double best = 0;
	for (int repetition = 0; repetition < 40; repetition++) {
		vector one = (vector){0} + 1, a, b, c, d, e, f, g, h, i, j, k, l;
		a = b = c = d = e = f = g = h = i = j = k = l = (vector){0};
		double began = now();
		for (int round = 0; round < rounds; round++)
			__asm__ volatile(FMA(0) FMA(1) FMA(2) FMA(3) FMA(4) FMA(5) FMA(6) FMA(7) FMA(8) FMA(9) FMA(10) FMA(11)
				: "+x"(a), "+x"(b), "+x"(c), "+x"(d), "+x"(e), "+x"(f), "+x"(g), "+x"(h), "+x"(i), "+x"(j), "+x"(k), "+x"(l)
				: "x"(one));
		double rate = (double)rounds * chains * (VECTOR / sizeof(double)) / (now() - began) * 1e-9;
		if (rate > best) best = rate;
	}
	printf("peak: %.2f per ns\n", best);
}
