// Threads that stay together over the many short shares of one long operation. A thread of TensorFlow's pool that has nothing to do
// sleeps, and takes as long to wake up as one of these shares takes to do; a member of a team watches for the next one instead.

#ifndef EIM_TEAM_H_
#define EIM_TEAM_H_

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

#include "kernels.h"

namespace eim {

class Team {
 public:
  // Calls the other threads of the pool. Nobody waits for them: who comes late, or never, leaves the work to the others.
  explicit Team(tensorflow::OpKernelContext *context) : shared_(std::make_shared<Shared>()) {
    auto *pool = context->device()->tensorflow_cpu_worker_threads()->workers;
    threads_ = pool->NumThreads();
    for (int64_t i = 1; i < threads_; i++) {
      pool->Schedule([shared = shared_] { shared->Follow(); });
    }
  }

  ~Team() { shared_->ended = true; }

  Team(const Team &) = delete;
  Team &operator=(const Team &) = delete;

  // Runs `work(from, to)` over all of `total` units, as InParallel does.
  void operator()(int64_t total, int64_t /* cost_of_unit */, const std::function<void(int64_t, int64_t)> &work) {
    if (threads_ == 1 || total == 1) return total > 0 ? work(0, total) : void();
    shared_->work = &work;
    shared_->total = total;
    // four portions a thread: who is held up leaves his later ones to the others
    shared_->portion = std::max<int64_t>(1, (total + 4 * threads_ - 1) / (4 * threads_));
    shared_->next = 0;
    shared_->round++;
    shared_->Help();
    shared_->round++;
    Waiting waiting;
    while (shared_->helpers > 0) waiting.Once();
  }

 private:
  // Looks again at once for some microseconds, then lets other threads have the processor in between.
  class Waiting {
   public:
    void Once() {
      if (++looks_ > kLooks) std::this_thread::yield();
      else Pause();
    }

   private:
    static constexpr int kLooks = 1 << 14;

    static void Pause() {
#if defined(__x86_64__)
      __builtin_ia32_pause();
#elif defined(__aarch64__)
      asm volatile("yield");
#endif
    }

    int looks_ = 0;
  };

  struct Shared {
    const std::function<void(int64_t, int64_t)> *work = nullptr;
    int64_t total = 0, portion = 1;
    std::atomic<int64_t> next{0};
    // Odd while there is work: from then until nobody helps any more, what is above stays as it is.
    std::atomic<int64_t> round{0};
    std::atomic<int> helpers{0};
    std::atomic<bool> ended{false};

    void Help() {
      for (int64_t from = next.fetch_add(portion); from < total; from = next.fetch_add(portion)) {
        (*work)(from, std::min(total, from + portion));
      }
    }

    void Follow() {
      Waiting waiting;
      for (int64_t helped = 0; !ended;) {
        const int64_t now = round;
        if (now % 2 == 0 || now == helped) {
          waiting.Once();
          continue;
        }
        helpers++;
        if (round == now) Help();
        helpers--;
        helped = now;
        waiting = Waiting();
      }
    }
  };

  std::shared_ptr<Shared> shared_;
  int64_t threads_;
};

}  // namespace eim

#endif  // EIM_TEAM_H_
