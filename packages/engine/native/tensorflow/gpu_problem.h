// What stands in the way of a GPU.

#ifndef EIM_GPU_PROBLEM_H_
#define EIM_GPU_PROBLEM_H_

#include <dlfcn.h>
#include <node_api.h>

#include <string>

namespace eim {

// gpuProblem(): why the NVIDIA driver gives no device, or an empty string.
inline napi_value GpuProblem(napi_env env, napi_callback_info) {
  std::string problem;
  void *driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (driver == nullptr) {
    problem = dlerror();
  } else {
    using Init = int (*)(unsigned);
    using Count = int (*)(int *);
    using Describe = int (*)(int, const char **);
    const auto init = reinterpret_cast<Init>(dlsym(driver, "cuInit"));
    const auto device_count = reinterpret_cast<Count>(dlsym(driver, "cuDeviceGetCount"));
    const auto describe = reinterpret_cast<Describe>(dlsym(driver, "cuGetErrorString"));
    int devices = 0;
    int code = init ? init(0) : -1;
    if (code == 0 && device_count) code = device_count(&devices);
    const char *text = nullptr;
    if (code != 0 && describe) describe(code, &text);
    if (code != 0) problem = "cuInit: " + (text ? std::string(text) : "error " + std::to_string(code));
    else if (devices == 0) problem = "the driver lists no device";
  }
  for (const char *library : {"libcudart.so.12", "libcudnn.so.9", "libcublas.so.12"}) {
    if (!problem.empty()) break;
    if (dlopen(library, RTLD_NOW | RTLD_LOCAL) == nullptr) problem = dlerror();
  }
  napi_value result;
  napi_create_string_utf8(env, problem.c_str(), problem.size(), &result);
  return result;
}

}  // namespace eim

#endif  // EIM_GPU_PROBLEM_H_
