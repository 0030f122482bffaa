// One build runs on every processor of its kind: work is compiled for several, and the widest that this one knows is taken at run time.

#ifndef EIM_PROCESSOR_H_
#define EIM_PROCESSOR_H_

#define EIM_INLINE inline __attribute__((always_inline))
// Behind the parameters of a lambda: it is compiled for the processor of the function that it stands in.
#define EIM_LAMBDA __attribute__((always_inline))

// EIM_EVERY_PROCESSOR is for plain loops, which compilers turn into vectors by themselves.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#if __GNUC__ >= 12
#define EIM_EVERY_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define EIM_EVERY_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#endif
#define EIM_WIDE_PROCESSORS
#define EIM_AVX2 __attribute__((target("avx2,fma,f16c")))
#define EIM_AVX512 __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl")))
#else
#define EIM_EVERY_PROCESSOR
#endif

namespace eim {

enum class Processor { kBasic, kAvx2, kAvx512 };

// What this processor has.
inline Processor FoundProcessor() {
#ifdef EIM_WIDE_PROCESSORS
  static const Processor found = [] {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return Processor::kBasic;
    const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl");
    return wide ? Processor::kAvx512 : Processor::kAvx2;
  }();
  return found;
#else
  return Processor::kBasic;
#endif
}

}  // namespace eim

#endif  // EIM_PROCESSOR_H_
