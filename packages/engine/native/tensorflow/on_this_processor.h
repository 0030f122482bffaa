// Work on lanes, compiled for each kind of processor.

#ifndef EIM_ON_THIS_PROCESSOR_H_
#define EIM_ON_THIS_PROCESSOR_H_

#include "lanes.h"

namespace eim {

#ifdef EIM_WIDE_PROCESSORS
template <typename Work, typename... Arguments>
EIM_AVX512 void OnAvx512(Arguments... arguments) {
  Work::template Run<Lanes512>(arguments...);
}

template <typename Work, typename... Arguments>
EIM_AVX2 void OnAvx2(Arguments... arguments) {
  Work::template Run<Lanes256>(arguments...);
}
#endif

template <typename Work, typename... Arguments>
void OnAnyProcessor(Arguments... arguments) {
  Work::template Run<Lanes128>(arguments...);
}

// Runs `Work::Run<Lanes>(arguments...)` with the lanes of this processor; all that `Run` calls must be inlined into it.
template <typename Work, typename... Arguments>
void OnThisProcessor(Arguments... arguments) {
#ifdef EIM_WIDE_PROCESSORS
  switch (FoundProcessor()) {
    case Processor::kAvx512: return OnAvx512<Work>(arguments...);
    case Processor::kAvx2: return OnAvx2<Work>(arguments...);
    case Processor::kBasic: break;
  }
#endif
  OnAnyProcessor<Work>(arguments...);
}

}  // namespace eim

#endif  // EIM_ON_THIS_PROCESSOR_H_
