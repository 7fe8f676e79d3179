// swift-tools-version: 6.1
import PackageDescription

// The table of contents: targets in the order of the flow, one line of purpose each.
// Arrows go down only: bake → BakeCommands → BakePipeline → Stages → Tools → Platform → BakeModel.

let package = Package(
    name: "bake",
    products: [.executable(name: "bake", targets: ["bake"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // C borders: one module map a library; CLinux holds the few calls that Glibc does not import.
        .library("libgit2", as: "Clibgit2", package: "libgit2-dev"),
        .library("libarchive", as: "Clibarchive", package: "libarchive-dev"),
        .library("libdeflate", as: "Clibdeflate", package: "libdeflate-dev"),
        .library("libcrypto", as: "Clibcrypto", package: "libssl-dev"),
        .library("libcurl", as: "Clibcurl", package: "libcurl4-openssl-dev"),
        .target(name: "CLinux", path: "Sources/CLibraries/CLinux"),

        // The nouns as values: no input or output, no clock, no environment.
        .band("Model", "BakeModel", ["Clibcrypto"]),
        // Descriptors, durable files, child processes and threads.
        .band("Platform", "LinuxSystem", ["BakeModel", "CLinux"]),

        // A graph of work: keys, cache, parallelism, progress.
        .band("Tools", "StageEngine", ["BakeModel", "LinuxSystem"]),

        // The entry point.
        .executableTarget(name: "bake", dependencies: ["BakeModel", "LinuxSystem"], path: "Sources/Commands/bake"),

        .tests("Model", "BakeModel"),
        .tests("Tools", "StageEngine"),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

extension Target {
    /// A C library of the system, found by pkg-config.
    static func library(_ pkgConfig: String, as module: String, package: String) -> Target {
        .systemLibrary(
            name: module, path: "Sources/CLibraries/\(module)", pkgConfig: pkgConfig, providers: [.apt([package])])
    }

    /// A Swift module in one of the bands of the house.
    static func band(_ band: String, _ name: String, _ dependencies: [Dependency]) -> Target {
        .target(name: name, dependencies: dependencies, path: "Sources/\(band)/\(name)")
    }

    /// The tests of one module, in the same band.
    static func tests(_ band: String, _ module: String, _ dependencies: [Dependency] = []) -> Target {
        .testTarget(
            name: "\(module)Tests", dependencies: [.byName(name: module)] + dependencies,
            path: "Tests/\(band)/\(module)Tests")
    }
}
