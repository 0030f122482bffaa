// Several processes as one cluster: TensorFlow's own collective operations, which wait for each other without blocking
// JavaScript.

#ifndef EIM_COLLECTIVES_H_
#define EIM_COLLECTIVES_H_

#include <node_api.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "javascript_values.h"
#include "pending_work.h"
#include "tensorflow/c/c_api_experimental.h"
#include "tf_auto_status.h"
#include "tfe_auto_op.h"
#include "tfjs_backend.h"

namespace eim {

using tfnodejs::TF_AutoStatus;
using tfnodejs::TFE_AutoOp;

// In a cluster this process's device has another name, with its job and task in it; devices of others are listed too.
inline void RenameDevice(tfnodejs::TFJSBackend *backend, int64_t rank, TF_Status *status) {
  const std::string place = "/task:" + std::to_string(rank);
  const std::string own = place + backend->device_name.substr(backend->device_name.find("/device:"));
  TF_DeviceList *devices = TFE_ContextListDevices(backend->tfe_context_, status);
  if (TF_GetCode(status) != TF_OK) return;
  for (int i = 0; i < TF_DeviceListCount(devices); i++) {
    const std::string name = TF_DeviceListName(devices, i, status);
    const bool is_own = name.size() > own.size() && name.compare(name.size() - own.size(), own.size(), own) == 0;
    if (is_own) backend->device_name = name;
  }
  TF_DeleteDeviceList(devices);
}

class JoiningWork : public PendingWork {
 public:
  JoiningWork(tfnodejs::TFJSBackend *backend, TF_Buffer *definition, int64_t rank)
      : backend_(backend), definition_(definition), rank_(rank) {}
  ~JoiningWork() override { TF_DeleteBuffer(definition_); }

 protected:
  void Run(TF_Status *status) override {
    TFE_EnableCollectiveOps(backend_->tfe_context_, definition_->data, definition_->length, status);
  }
  napi_value Result(napi_env env, TF_Status *status) override {
    RenameDevice(backend_, rank_, status);
    napi_value nothing;
    napi_get_undefined(env, &nothing);
    return nothing;
  }

 private:
  tfnodejs::TFJSBackend *const backend_;
  TF_Buffer *const definition_;
  const int64_t rank_;
};

// joinCluster(serverDef, rank): starts this process's server; a promise that is kept when all processes have. The definition is
// TensorFlow's ServerDef in protobuf's text form. Called again, it takes the place of the one before.
inline napi_value JoinCluster(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  tfnodejs::TFJSBackend *const backend = tfnodejs::GetTFJSBackend(env);
  if (backend == nullptr) return nullptr;
  TF_AutoStatus status;
  TF_Buffer *definition = TFE_GetServerDef(String(env, arguments[0]).c_str(), status.status);
  if (!tfnodejs::EnsureTFOK(env, status, __FILE__, __LINE__)) return nullptr;
  return PendingWork::Begin(env, "joinCluster", std::make_unique<JoiningWork>(backend, definition, Int(env, arguments[1])));
}

// abortCollectives(reason): every collective operation under way in this process fails with the reason, and so does
// each that is begun until the process joins a cluster again.
inline napi_value AbortCollectives(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value arguments[1];
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  tfnodejs::TFJSBackend *const backend = tfnodejs::GetTFJSBackend(env);
  if (backend == nullptr) return nullptr;
  TF_AutoStatus reason;
  TF_SetStatus(reason.status, TF_ABORTED, String(env, arguments[0]).c_str());
  TFE_AbortCollectiveOps(backend->tfe_context_, reason.status);
  return nullptr;
}

// One collective operation on its way.
class CollectiveWork : public PendingWork {
 public:
  CollectiveWork(tfnodejs::TFJSBackend *backend, TFE_Op *op) : operation(op), backend_(backend) {}

  TFE_AutoOp operation;

 protected:
  void Run(TF_Status *status) override {
    int results = 1;
    TFE_Execute(operation.op, &result_, &results, status);
  }
  napi_value Result(napi_env env, TF_Status *) override {
    return backend_->GenerateOutputTensorInfo(env, result_);
  }

 private:
  tfnodejs::TFJSBackend *const backend_;
  TFE_TensorHandle *result_ = nullptr;
};

// A tensor of whole numbers: a scalar, or a list.
inline TFE_TensorHandle *WholeNumbers(const std::vector<int64_t> &values, bool is_list, TF_Status *status) {
  const int64_t length = static_cast<int64_t>(values.size());
  TF_Tensor *tensor = TF_AllocateTensor(TF_INT32, &length, is_list ? 1 : 0, values.size() * sizeof(int32_t));
  auto *const numbers = static_cast<int32_t *>(TF_TensorData(tensor));
  for (size_t i = 0; i < values.size(); i++) numbers[i] = static_cast<int32_t>(values[i]);
  TFE_TensorHandle *handle = TFE_NewTensorHandle(tensor, status);
  TF_DeleteTensor(tensor);
  return handle;
}

inline void AddWholeNumbers(TFE_Op *op, const std::vector<int64_t> &values, bool is_list, TF_Status *status) {
  if (TF_GetCode(status) != TF_OK) return;
  TFE_TensorHandle *handle = WholeNumbers(values, is_list, status);
  if (TF_GetCode(status) != TF_OK) return;
  TFE_OpAddInput(op, handle, status);
  TFE_DeleteTensorHandle(handle);
}

// collective(kind, group, instance, size, tensor | shape): a promise of the result's {id, dtype, shape}. Kinds: 'sum' adds
// up the float tensors of all processes; 'send' gives one to all others, where 'receive' takes one of that shape;
// 'gather' joins them along their first axis. Group and instance are numbers that all processes of a call agree on.
inline napi_value Collective(napi_env env, napi_callback_info info) {
  size_t count = 5;
  napi_value arguments[5];
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  tfnodejs::TFJSBackend *const backend = tfnodejs::GetTFJSBackend(env);
  if (backend == nullptr) return nullptr;
  const std::string kind = String(env, arguments[0]);
  const bool receives = kind == "receive";
  const char *const name = kind == "sum"      ? "CollectiveReduceV2"
                           : kind == "gather" ? "CollectiveGatherV2"
                           : receives         ? "CollectiveBcastRecvV2"
                                              : "CollectiveBcastSendV2";
  TF_AutoStatus status;
  auto work = std::make_unique<CollectiveWork>(backend, TFE_NewOp(backend->tfe_context_, name, status.status));
  if (!tfnodejs::EnsureTFOK(env, status, __FILE__, __LINE__)) return nullptr;
  TFE_Op *const op = work->operation.op;
  if (!receives) {
    const auto entry = backend->tfe_handle_map_.find(static_cast<int32_t>(Int(env, arguments[4])));
    if (entry == backend->tfe_handle_map_.end()) {
      napi_throw_error(env, nullptr, "The tensor to share is gone");
      return nullptr;
    }
    TFE_OpAddInput(op, entry->second, status.status);
  }
  for (const int argument : {3, 1, 2}) AddWholeNumbers(op, {Int(env, arguments[argument])}, false, status.status);
  if (receives) AddWholeNumbers(op, Ints(env, arguments[4]), true, status.status);
  if (!tfnodejs::EnsureTFOK(env, status, __FILE__, __LINE__)) return nullptr;
  TFE_OpSetAttrType(op, "T", TF_FLOAT);
  if (receives) TFE_OpSetAttrType(op, "Tshape", TF_INT32);
  if (kind == "sum") {
    TFE_OpSetAttrString(op, "merge_op", "Add", 3);
    TFE_OpSetAttrString(op, "final_op", "Id", 2);
  }
  return PendingWork::Begin(env, name, std::move(work));
}

}  // namespace eim

#endif  // EIM_COLLECTIVES_H_
