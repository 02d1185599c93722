# Headers, library and package config, so that find_package(appraise) works; and the definitions as files.
include(CMakePackageConfigHelpers)

install(TARGETS appraise EXPORT appraiseTargets)
install(DIRECTORY include/appraise DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.hpp)
install(DIRECTORY instruments/ DESTINATION ${CMAKE_INSTALL_DATADIR}/appraise/instruments)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/appraise)
install(EXPORT appraiseTargets NAMESPACE appraise:: DESTINATION ${package_folder})
configure_package_config_file(cmake/appraiseConfig.cmake.in appraiseConfig.cmake INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(appraiseConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/appraiseConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/appraiseConfigVersion.cmake
        DESTINATION ${package_folder})
