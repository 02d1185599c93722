/// Arrow structures in PyCapsules.
/// Source: https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <utility>

#include "appraise/arrow.hpp"

namespace appraise::python {

template <class T>
inline constexpr const char* capsule_name = nullptr;
template <>
inline constexpr const char* capsule_name<ArrowSchema> = "arrow_schema";
template <>
inline constexpr const char* capsule_name<ArrowArray> = "arrow_array";
template <>
inline constexpr const char* capsule_name<ArrowArrayStream> = "arrow_array_stream";

/// An Arrow structure that is released when it is no longer needed.
template <class T>
class Held {
 public:
  Held() = default;
  Held(Held&& other) noexcept : value_(std::exchange(other.value_, T{})) {}
  Held& operator=(Held&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Held() {
    if (value_.release) value_.release(&value_);
  }
  [[nodiscard]] T* get() noexcept { return &value_; }
  T* operator->() noexcept { return &value_; }

 private:
  T value_{};
};

/// Takes the structure out of a capsule, which is empty then.
template <class T>
Held<T> take(const pybind11::capsule& capsule) {
  auto* inside = static_cast<T*>(PyCapsule_GetPointer(capsule.ptr(), capsule_name<T>));
  if (!inside) throw pybind11::error_already_set();
  if (!inside->release) throw pybind11::value_error("the Arrow capsule was used before");
  Held<T> held;
  *held.get() = std::exchange(*inside, T{});
  return held;
}

/// Puts a structure into a capsule, which releases it unless it was taken.
template <class T>
pybind11::capsule give(Held<T> held) {
  auto owned = std::make_unique<Held<T>>(std::move(held));
  auto* raw = PyCapsule_New(owned->get(), capsule_name<T>,
                            [](PyObject* object) { delete static_cast<Held<T>*>(PyCapsule_GetContext(object)); });
  if (!raw) throw pybind11::error_already_set();
  auto capsule = pybind11::reinterpret_steal<pybind11::capsule>(raw);
  if (PyCapsule_SetContext(raw, owned.get()) != 0) throw pybind11::error_already_set();
  owned.release();
  return capsule;
}

}  // namespace appraise::python
