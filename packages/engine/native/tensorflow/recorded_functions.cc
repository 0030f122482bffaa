// Compiled together with the binding of @tensorflow/tfjs-node (its sources, unchanged): adds functions made of
// recorded operations, and collective operations. Private members of the binding's one class are reached by -fno-access-control.

#include <node_api.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

// The binding registers itself with Node; here that is done below, with these functions beside its own.
#undef NAPI_MODULE
#define NAPI_MODULE(name, init)
#include "tfjs_binding.cc"

#include "attributes.h"
#include "collectives.h"
#include "gpu_problem.h"
#include "javascript_values.h"
#include "tensorflow/c/c_api_experimental.h"
#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_def.pb.h"

namespace eim {

using tfnodejs::TFJSBackend;

// A graph while its operations are added one by one.
struct Recording {
  TF_Graph *graph = TF_NewGraph();
  std::vector<TF_Operation *> operations;

  ~Recording() { TF_DeleteGraph(graph); }

  // Pairs of an operation's place and which of its outputs.
  std::vector<TF_Output> Outputs(const std::vector<int64_t> &pairs) const {
    std::vector<TF_Output> outputs;
    for (size_t i = 0; i + 1 < pairs.size(); i += 2)
      outputs.push_back({operations.at(pairs[i]), static_cast<int>(pairs[i + 1])});
    return outputs;
  }
};

static std::unordered_map<int64_t, std::unique_ptr<Recording>> recordings;
static int64_t next_recording = 0;

static Recording *Find(napi_env env, napi_value id) {
  const auto entry = recordings.find(Int(env, id));
  if (entry != recordings.end()) return entry->second.get();
  NAPI_THROW_ERROR(env, "There is no such recording");
  return nullptr;
}

static bool Succeeded(napi_env env, tfnodejs::TF_AutoStatus &status) {
  return tfnodejs::EnsureTFOK(env, status, __FILE__, __LINE__);
}

// beginGraph(): a new recording's number.
static napi_value BeginGraph(napi_env env, napi_callback_info) {
  recordings[next_recording] = std::make_unique<Recording>();
  napi_value id;
  napi_create_int64(env, next_recording++, &id);
  return id;
}

// discardGraph(recording)
static napi_value DiscardGraph(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value arguments[1];
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  recordings.erase(Int(env, arguments[0]));
  return nullptr;
}

// [{dtype, shape}] of an operation's outputs; a size that is known at run time alone is -1, an unknown rank null.
static napi_value Describe(napi_env env, const Recording &recording, TF_Operation *operation) {
  napi_value results;
  napi_create_array(env, &results);
  for (int output = 0; output < TF_OperationNumOutputs(operation); output++) {
    const TF_Output place{operation, output};
    tfnodejs::TF_AutoStatus status;
    const int rank = TF_GraphGetTensorNumDims(recording.graph, place, status.status);
    if (!Succeeded(env, status)) return nullptr;
    napi_value shape;
    napi_get_null(env, &shape);
    if (rank >= 0) {
      std::vector<int64_t> sizes(rank);
      TF_GraphGetTensorShape(recording.graph, place, sizes.data(), rank, status.status);
      if (!Succeeded(env, status)) return nullptr;
      napi_create_array_with_length(env, rank, &shape);
      for (int axis = 0; axis < rank; axis++) {
        napi_value size;
        napi_create_int64(env, sizes[axis], &size);
        napi_set_element(env, shape, axis, size);
      }
    }
    napi_value result, dtype;
    napi_create_object(env, &result);
    napi_create_int32(env, TF_OperationOutputType(place), &dtype);
    napi_set_named_property(env, result, "dtype", dtype);
    napi_set_named_property(env, result, "shape", shape);
    napi_set_element(env, results, output, result);
  }
  return results;
}

static napi_value Finish(napi_env env, Recording *recording, TF_OperationDescription *description) {
  tfnodejs::TF_AutoStatus status;
  TF_Operation *const operation = TF_FinishOperation(description, status.status);
  if (!Succeeded(env, status)) return nullptr;
  recording->operations.push_back(operation);
  return Describe(env, *recording, operation);
}

static std::string NextName(const Recording &recording, const std::string &op) {
  return op + "_" + std::to_string(recording.operations.size());
}

// addOperation(recording, op, attributes, inputs, after): inputs are pairs of an operation's place and output,
// after is places of operations that must have run before.
static napi_value AddOperation(napi_env env, napi_callback_info info) {
  size_t count = 5;
  napi_value arguments[5];
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  Recording *const recording = Find(env, arguments[0]);
  if (recording == nullptr) return nullptr;
  const std::string op = String(env, arguments[1]);
  TF_OperationDescription *description =
      TF_NewOperation(recording->graph, op.c_str(), NextName(*recording, op).c_str());
  const napi_value attributes = arguments[2];
  for (uint32_t i = 0; i < Length(env, attributes); i++) SetAttribute(env, description, At(env, attributes, i));
  if (tfnodejs::IsExceptionPending(env)) return nullptr;

  const std::vector<TF_Output> inputs = recording->Outputs(Ints(env, arguments[3]));
  size_t taken = 0;
  for (int argument = 0; taken < inputs.size(); argument++) {
    tfnodejs::TF_AutoStatus status;
    const char *list = TF_GetNumberAttrForOpListInput(op.c_str(), argument, status.status);
    if (list == nullptr || list[0] == '\0') {
      TF_AddInput(description, inputs[taken++]);
      continue;
    }
    const int64_t length = ListLength(env, attributes, list);
    if (length < 0 || taken + length > inputs.size()) {
      NAPI_THROW_ERROR(env, "%s: its list of inputs does not fit its attributes", op.c_str());
      return nullptr;
    }
    TF_AddInputList(description, inputs.data() + taken, static_cast<int>(length));
    taken += length;
  }
  for (const int64_t before : Ints(env, arguments[4]))
    TF_AddControlInput(description, recording->operations.at(before));
  return Finish(env, recording, description);
}

// addConstant(recording, tensorId)
static napi_value AddConstant(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  Recording *const recording = Find(env, arguments[0]);
  TFJSBackend *const backend = tfnodejs::GetTFJSBackend(env);
  if (recording == nullptr || backend == nullptr) return nullptr;
  const auto entry = backend->tfe_handle_map_.find(static_cast<int32_t>(Int(env, arguments[1])));
  if (entry == backend->tfe_handle_map_.end()) {
    NAPI_THROW_ERROR(env, "The constant to record is gone");
    return nullptr;
  }
  tfnodejs::TF_AutoStatus status;
  TF_Tensor *tensor = TFE_TensorHandleResolve(entry->second, status.status);
  if (!Succeeded(env, status)) return nullptr;
  TF_OperationDescription *description =
      TF_NewOperation(recording->graph, "Const", NextName(*recording, "Const").c_str());
  TF_SetAttrType(description, "dtype", TF_TensorType(tensor));
  TF_SetAttrTensor(description, "value", tensor, status.status);
  TF_DeleteTensor(tensor);
  return Succeeded(env, status) ? Finish(env, recording, description) : nullptr;
}

// defineFunction(recording, name, inputs, outputs, effects): the recording becomes an operation of that name.
// Inputs are places of placeholders, outputs pairs, effects places of operations that run although nothing reads
// what they return.
static napi_value DefineFunction(napi_env env, napi_callback_info info) {
  size_t count = 5;
  napi_value arguments[5];
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  Recording *const recording = Find(env, arguments[0]);
  TFJSBackend *const backend = tfnodejs::GetTFJSBackend(env);
  if (recording == nullptr || backend == nullptr) return nullptr;
  const std::string name = String(env, arguments[1]);
  std::vector<TF_Output> inputs;
  for (const int64_t place : Ints(env, arguments[2])) inputs.push_back({recording->operations.at(place), 0});
  const std::vector<TF_Output> outputs = recording->Outputs(Ints(env, arguments[3]));
  std::vector<TF_Operation *> effects;
  std::vector<std::string> effect_names;
  for (const int64_t place : Ints(env, arguments[4])) {
    effects.push_back(recording->operations.at(place));
    effect_names.push_back("effect" + std::to_string(effects.size()));
  }
  std::vector<const char *> effect_name_pointers;
  for (const std::string &effect : effect_names) effect_name_pointers.push_back(effect.c_str());

  tfnodejs::TF_AutoStatus status;
  TF_Function *function = TF_GraphToFunctionWithControlOutputs(
      recording->graph, name.c_str(), 0, -1, nullptr, static_cast<int>(inputs.size()), inputs.data(),
      static_cast<int>(outputs.size()), outputs.data(), nullptr, static_cast<int>(effects.size()), effects.data(),
      effect_name_pointers.data(), nullptr, nullptr, status.status);
  if (!Succeeded(env, status)) return nullptr;
  TFE_ContextAddFunction(backend->tfe_context_, function, status.status);
  TF_DeleteFunction(function);
  Succeeded(env, status);
  return nullptr;
}

// removeFunction(name)
static napi_value RemoveFunction(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value arguments[1];
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  TFJSBackend *const backend = tfnodejs::GetTFJSBackend(env);
  if (backend == nullptr) return nullptr;
  tfnodejs::TF_AutoStatus status;
  TFE_ContextRemoveFunction(backend->tfe_context_, String(env, arguments[0]).c_str(), status.status);
  Succeeded(env, status);
  return nullptr;
}

// The operations of fused_kernels.cc, which an engine that was built earlier may lack.
static napi_value OwnKernels(napi_env env) {
  std::vector<tensorflow::OpDef> operations;
  tensorflow::OpRegistry::Global()->GetRegisteredOps(&operations);
  napi_value names;
  napi_create_array(env, &names);
  for (const tensorflow::OpDef &operation : operations) {
    if (operation.name().rfind("Eim", 0) != 0) continue;
    napi_value name;
    napi_create_string_utf8(env, operation.name().c_str(), operation.name().size(), &name);
    napi_set_element(env, names, Length(env, names), name);
  }
  return names;
}

static napi_value Init(napi_env env, napi_value exports) {
  exports = tfnodejs::InitTFNodeJSBinding(env, exports);
  if (exports == nullptr) return nullptr;
  const napi_value own_kernels = OwnKernels(env);
  const napi_property_descriptor properties[] = {
      {"ownKernels", nullptr, nullptr, nullptr, nullptr, own_kernels, napi_default, nullptr},
      {"beginGraph", nullptr, BeginGraph, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"discardGraph", nullptr, DiscardGraph, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"addOperation", nullptr, AddOperation, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"addConstant", nullptr, AddConstant, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"defineFunction", nullptr, DefineFunction, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"removeFunction", nullptr, RemoveFunction, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"joinCluster", nullptr, JoinCluster, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"abortCollectives", nullptr, AbortCollectives, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"collective", nullptr, Collective, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"gpuProblem", nullptr, GpuProblem, nullptr, nullptr, nullptr, napi_default, nullptr},
  };
  napi_define_properties(env, exports, sizeof(properties) / sizeof(properties[0]), properties);
  return exports;
}

}  // namespace eim

NAPI_MODULE_INIT() { return eim::Init(env, exports); }
