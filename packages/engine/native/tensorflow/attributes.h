// Attributes of TensorFlow's operations, as the binding of @tensorflow/tfjs-node takes them: {name, type, value}.

#ifndef EIM_ATTRIBUTES_H_
#define EIM_ATTRIBUTES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "javascript_values.h"
#include "tensorflow/c/c_api.h"
#include "utils.h"

namespace eim {

using tfnodejs::NapiThrowError;

// One attribute in the form that the binding's executeOp takes: {name, type, value}.
inline void SetAttribute(napi_env env, TF_OperationDescription *description, napi_value attribute) {
  const std::string name = String(env, Get(env, attribute, "name"));
  const napi_value value = Get(env, attribute, "value");
  const bool is_list = IsArray(env, value);
  switch (static_cast<TF_AttrType>(Int(env, Get(env, attribute, "type")))) {
    case TF_ATTR_STRING: {
      const std::string text = String(env, value);
      TF_SetAttrString(description, name.c_str(), text.data(), text.size());
      return;
    }
    case TF_ATTR_INT: {
      if (!is_list) return TF_SetAttrInt(description, name.c_str(), Int(env, value));
      const std::vector<int64_t> values = Ints(env, value);
      return TF_SetAttrIntList(description, name.c_str(), values.data(), static_cast<int>(values.size()));
    }
    case TF_ATTR_FLOAT: {
      if (!is_list) return TF_SetAttrFloat(description, name.c_str(), static_cast<float>(Double(env, value)));
      std::vector<float> values(Length(env, value));
      for (uint32_t i = 0; i < values.size(); i++)
        values[i] = static_cast<float>(Double(env, At(env, value, i)));
      return TF_SetAttrFloatList(description, name.c_str(), values.data(), static_cast<int>(values.size()));
    }
    case TF_ATTR_BOOL: {
      if (!is_list) return TF_SetAttrBool(description, name.c_str(), Bool(env, value));
      std::vector<unsigned char> values(Length(env, value));
      for (uint32_t i = 0; i < values.size(); i++) values[i] = Bool(env, At(env, value, i));
      return TF_SetAttrBoolList(description, name.c_str(), values.data(), static_cast<int>(values.size()));
    }
    case TF_ATTR_TYPE:
      return TF_SetAttrType(description, name.c_str(), static_cast<TF_DataType>(Int(env, value)));
    case TF_ATTR_SHAPE: {
      const std::vector<int64_t> shape = Ints(env, value);
      return TF_SetAttrShape(description, name.c_str(), shape.data(), static_cast<int>(shape.size()));
    }
    default:
      NAPI_THROW_ERROR(env, "Attribute %s has a type that cannot be recorded", name.c_str());
  }
}

// The whole-number attribute that says how many tensors an input list holds.
inline int64_t ListLength(napi_env env, napi_value attributes, const char *name) {
  for (uint32_t i = 0; i < Length(env, attributes); i++) {
    const napi_value attribute = At(env, attributes, i);
    if (String(env, Get(env, attribute, "name")) == name) return Int(env, Get(env, attribute, "value"));
  }
  return -1;
}

}  // namespace eim

#endif  // EIM_ATTRIBUTES_H_
