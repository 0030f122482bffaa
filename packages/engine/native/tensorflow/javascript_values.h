// Reads JavaScript's values of the kinds that the functions of recorded_functions.cc take.

#ifndef EIM_JAVASCRIPT_VALUES_H_
#define EIM_JAVASCRIPT_VALUES_H_

#include <node_api.h>

#include <cstdint>
#include <string>
#include <vector>

namespace eim {

inline napi_value Get(napi_env env, napi_value object, const char *name) {
  napi_value value = nullptr;
  napi_get_named_property(env, object, name, &value);
  return value;
}

inline napi_value At(napi_env env, napi_value array, uint32_t index) {
  napi_value value = nullptr;
  napi_get_element(env, array, index, &value);
  return value;
}

inline uint32_t Length(napi_env env, napi_value array) {
  uint32_t length = 0;
  napi_get_array_length(env, array, &length);
  return length;
}

inline int64_t Int(napi_env env, napi_value value) {
  int64_t number = 0;
  napi_get_value_int64(env, value, &number);
  return number;
}

inline double Double(napi_env env, napi_value value) {
  double number = 0;
  napi_get_value_double(env, value, &number);
  return number;
}

inline bool Bool(napi_env env, napi_value value) {
  bool flag = false;
  napi_get_value_bool(env, value, &flag);
  return flag;
}

inline std::string String(napi_env env, napi_value value) {
  size_t length = 0;
  napi_get_value_string_utf8(env, value, nullptr, 0, &length);
  std::string text(length, '\0');
  napi_get_value_string_utf8(env, value, &text[0], length + 1, &length);
  return text;
}

inline std::vector<int64_t> Ints(napi_env env, napi_value array) {
  std::vector<int64_t> values(Length(env, array));
  for (uint32_t i = 0; i < values.size(); i++) values[i] = Int(env, At(env, array, i));
  return values;
}

inline bool IsArray(napi_env env, napi_value value) {
  bool is_array = false;
  napi_is_array(env, value, &is_array);
  return is_array;
}

}  // namespace eim

#endif  // EIM_JAVASCRIPT_VALUES_H_
