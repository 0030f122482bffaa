// Work that waits for other processes: on a thread of libuv, so that JavaScript goes on meanwhile.

#ifndef EIM_PENDING_WORK_H_
#define EIM_PENDING_WORK_H_

#include <node_api.h>

#include <memory>
#include <string>
#include <utility>

#include "tf_auto_status.h"

namespace eim {

class PendingWork {
 public:
  virtual ~PendingWork() = default;

  // Begins the work. The promise is rejected with TensorFlow's message and, as its code, the status's number.
  static napi_value Begin(napi_env env, const char *name, std::unique_ptr<PendingWork> work) {
    napi_value promise, label;
    napi_create_promise(env, &work->promise_, &promise);
    napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &label);
    napi_create_async_work(env, nullptr, label, OnThread, OnJavaScript, work.get(), &work->work_);
    napi_queue_async_work(env, work->work_);
    work.release();
    return promise;
  }

 protected:
  // Away from JavaScript.
  virtual void Run(TF_Status *status) = 0;
  // Back in JavaScript, after a run that went well. May say in the status what then failed.
  virtual napi_value Result(napi_env env, TF_Status *status) = 0;

 private:
  static void OnThread(napi_env, void *data) {
    auto *const self = static_cast<PendingWork *>(data);
    self->Run(self->status_.status);
  }

  static void OnJavaScript(napi_env env, napi_status, void *data) {
    const std::unique_ptr<PendingWork> self(static_cast<PendingWork *>(data));
    napi_delete_async_work(env, self->work_);
    TF_Status *const status = self->status_.status;
    const napi_value result = TF_GetCode(status) == TF_OK ? self->Result(env, status) : nullptr;
    if (TF_GetCode(status) == TF_OK) {
      napi_resolve_deferred(env, self->promise_, result);
      return;
    }
    napi_value code, message, error;
    const std::string number = std::to_string(TF_GetCode(status));
    napi_create_string_utf8(env, number.c_str(), number.size(), &code);
    napi_create_string_utf8(env, TF_Message(status), NAPI_AUTO_LENGTH, &message);
    napi_create_error(env, code, message, &error);
    napi_reject_deferred(env, self->promise_, error);
  }

  tfnodejs::TF_AutoStatus status_;
  napi_async_work work_ = nullptr;
  napi_deferred promise_ = nullptr;
};

}  // namespace eim

#endif  // EIM_PENDING_WORK_H_
