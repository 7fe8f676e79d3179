// swift-tools-version: 6.1
import PackageDescription

// The table of contents: targets in the order of the flow, one line of purpose each.
// Arrows go down only: bake → BakeCommands → BakePipeline → Stages → Tools → Platform → BakeModel.

let package = Package(
    name: "bake",
    products: [
        .executable(name: "bake", targets: ["bake"]),
        // What Benchmarks/Micro measures. Nothing is linked for it: it only makes the modules visible there.
        .library(
            name: "BakeWorkings",
            targets: [
                "BakeModel", "LinuxSystem", "TarArchive", "BlobStorage", "GitRepository", "RootFilesystem", "SpecRun",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
    ],
    targets: [
        // C borders: one module map a library; CLinux holds the few calls that Glibc does not import.
        // What brings many libraries along is loaded by CLazyLibraries and CCurlShims when it is called first; what every
        // command would load, and needs little of, is linked in.
        .systemLibrary(name: "Clibgit2", path: "Sources/CLibraries/Clibgit2", providers: [.apt(["libgit2-dev"])]),
        .systemLibrary(
            name: "Clibarchive", path: "Sources/CLibraries/Clibarchive", providers: [.apt(["libarchive-dev"])]),
        .target(name: "CLazyLibraries", path: "Sources/CLibraries/CLazyLibraries"),
        .library("libdeflate", as: "Clibdeflate", package: "libdeflate-dev"),
        .library("zlib", as: "Czlib", package: "zlib1g-dev"),
        .target(
            name: "CSQLiteShims", path: "Sources/CLibraries/CSQLiteShims", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(name: "CCurlShims", path: "Sources/CLibraries/CCurlShims"),
        .target(
            name: "CRE2", path: "Sources/CLibraries/CRE2",
            linkerSettings: [.linkedLibrary(":libre2.a"), .linkedLibrary("stdc++")]),
        .systemLibrary(
            name: "Clibcrypto", path: "Sources/CLibraries/Clibcrypto", providers: [.apt(["libssl-dev"])]),
        .library("yaml-0.1", as: "Clibyaml", package: "libyaml-dev"),
        .target(name: "CLinux", path: "Sources/CLibraries/CLinux"),

        // The nouns as values: no input or output, no clock, no environment.
        .band("Model", "BakeModel", ["Clibcrypto"]),
        // Descriptors, durable files, child and helper processes, threads.
        .band("Platform", "LinuxSystem", ["BakeModel", "CLinux"]),

        // Commits, trees and blobs of git, through a helper process.
        .band(
            "Tools", "GitRepository",
            ["BakeModel", "LinuxSystem", "Clibgit2", "CLazyLibraries", "Clibcrypto", "Clibdeflate"]),
        // YAML read within limits, every node with its place.
        .band("Tools", "YAMLDocument", ["BakeModel", "Clibyaml"]),
        // The canonical layer writer and the strict archive reader.
        .band(
            "Tools", "TarArchive",
            ["BakeModel", "LinuxSystem", "Clibarchive", "CLazyLibraries", "Clibdeflate", "Czlib"]),
        // Regular expressions whose time is linear in the text.
        .band("Tools", "RegularExpressions", ["BakeModel", "CRE2"]),
        // Signatures of people: OpenSSH's keys, agent and ssh-keygen.
        .band("Tools", "SSHSignatures", ["BakeModel", "LinuxSystem"]),
        // Ed25519 keys, envelopes and notes that they sign.
        .band("Tools", "Signing", ["BakeModel", "LinuxSystem", "Clibcrypto", "CLazyLibraries"]),
        // The store of blobs: an OCI image layout with verified reads and durable writes.
        .band("Tools", "BlobStorage", ["BakeModel", "LinuxSystem", "CLinux"]),
        // Images of registries, pulled through a helper process.
        .band("Tools", "RegistryClient", ["BakeModel", "LinuxSystem", "CCurlShims"]),
        // A tree built from layers: safe writer, overlay, sandbox, packing.
        .band("Tools", "RootFilesystem", ["BakeModel", "LinuxSystem", "CLinux", "TarArchive", "BlobStorage"]),
        // SQLite: append-only, hash-chained entries and the views over them.
        .band("Tools", "LedgerDatabase", ["BakeModel", "LinuxSystem", "CSQLiteShims"]),
        // A graph of work: keys, cache, parallelism, progress.
        .band("Tools", "StageEngine", ["BakeModel", "LinuxSystem"]),

        // Commit → tree.
        .band("Stages", "SourceCheckout", ["BakeModel", "LinuxSystem", "GitRepository"]),
        // Tree → layers.
        .band(
            "Stages", "LayerBuild",
            [
                "BakeModel", "LinuxSystem", "GitRepository", "TarArchive", "BlobStorage", "RegistryClient",
                "RootFilesystem", "StageEngine",
            ]),
        // Layers → image.
        .band("Stages", "ImageAssembly", ["BakeModel", "BlobStorage"]),
        // Image → verdict.
        .band(
            "Stages", "SpecRun",
            [
                "BakeModel", "LinuxSystem", "YAMLDocument", "BlobStorage", "RootFilesystem", "CLinux",
                "RegularExpressions",
                "CCurlShims", "Clibcrypto", "CLazyLibraries",
            ]),
        // Image + verdict → numbered generation.
        .band("Stages", "GenerationLog", ["BakeModel", "LedgerDatabase"]),
        // Generation → environment: gates, promotion, rollback.
        .band(
            "Stages", "EnvironmentPromotion",
            [
                "BakeModel", "LinuxSystem", "LedgerDatabase", "YAMLDocument", "RegularExpressions", "SSHSignatures",
                "Signing",
            ]),
        // Ledger → answers, read only.
        .band("Stages", "AuditTrail", ["BakeModel", "LedgerDatabase"]),

        // Generation, move → signed statements; what is stated of an image.
        .band("Stages", "Attestation", ["BakeModel", "Signing", "LedgerDatabase"]),

        // Two images → their differences.
        .band(
            "Stages", "ImageComparison", ["BakeModel", "LinuxSystem", "TarArchive", "BlobStorage", "RootFilesystem"]),

        // File → plan (a value) → run.
        .band(
            "Commands", "BakePipeline",
            [
                "BakeModel", "LinuxSystem", "GitRepository", "YAMLDocument", "TarArchive", "BlobStorage",
                "RegistryClient", "RootFilesystem", "LedgerDatabase", "StageEngine", "SourceCheckout", "LayerBuild",
                "ImageAssembly", "SpecRun",
                "GenerationLog",
                "EnvironmentPromotion", "AuditTrail", "ImageComparison", "Signing", "Attestation",
            ]),

        // Command line: parse, one library call, render.
        .band(
            "Commands", "BakeCommands",
            [
                "BakeModel", "LinuxSystem", "GitRepository", "TarArchive", "BlobStorage", "RegistryClient",
                "LedgerDatabase", "RootFilesystem", "SourceCheckout", "LayerBuild", "ImageAssembly", "SpecRun",
                "GenerationLog", "SSHSignatures", "Signing", "Attestation",
                "EnvironmentPromotion", "AuditTrail", "ImageComparison", "BakePipeline",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        // The entry point.
        .executableTarget(
            name: "bake",
            dependencies: [
                "LinuxSystem", "GitRepository", "RegistryClient", "RootFilesystem", "SpecRun", "BakeCommands",
            ],
            path: "Sources/Commands/bake"),

        // What tests of several modules stand on.
        .target(name: "GitFixtures", dependencies: ["BakeModel", "LinuxSystem"], path: "Tests/Support/GitFixtures"),

        .target(
            name: "SigningFixtures", dependencies: ["BakeModel", "LinuxSystem", "SSHSignatures"],
            path: "Tests/Support/SigningFixtures"),
        .target(
            name: "BakeTestSupport", dependencies: ["BakeModel", "LinuxSystem", "GitFixtures"],
            path: "Tests/Support/BakeTestSupport"),
        .executableTarget(
            name: "LayerSample", dependencies: ["BakeModel", "LinuxSystem", "TarArchive"],
            path: "Tests/Support/LayerSample"),
        .target(
            name: "LedgerFixtures",
            dependencies: [
                "BakeModel", "LinuxSystem", "LedgerDatabase", "GenerationLog", "EnvironmentPromotion", "AuditTrail",
            ], path: "Tests/Support/LedgerFixtures"),

        .tests("Model", "BakeModel"),
        .tests("Platform", "LinuxSystem"),
        .tests("Tools", "GitRepository", ["BakeModel", "LinuxSystem", "GitFixtures", "bake"]),
        .tests("Tools", "YAMLDocument", ["BakeModel"]),
        .tests("Tools", "SSHSignatures", ["BakeModel", "LinuxSystem", "SigningFixtures"]),
        .tests("Tools", "TarArchive", ["BakeModel", "LinuxSystem", "GitFixtures", "LayerSample", "bake"]),
        .tests("Tools", "BlobStorage"),
        .tests("Tools", "RootFilesystem", ["BakeModel", "LinuxSystem", "BlobStorage", "TarArchive", "CLinux", "bake"]),
        .tests("Tools", "RegistryClient", ["BakeModel", "LinuxSystem", "GitFixtures", "bake"]),
        .tests("Tools", "LedgerDatabase"),
        .tests("Tools", "Signing", ["BakeModel", "LinuxSystem"]),
        .tests("Tools", "StageEngine", ["BakeModel"]),
        .tests("Stages", "SourceCheckout", ["BakeModel", "LinuxSystem", "GitRepository", "GitFixtures", "bake"]),
        .tests(
            "Stages", "LayerBuild",
            [
                "BakeModel", "LinuxSystem", "BlobStorage", "RegistryClient", "TarArchive", "RootFilesystem",
                "StageEngine", "bake",
            ]),
        .tests("Stages", "SpecRun", ["BakeModel", "LinuxSystem", "BlobStorage", "TarArchive", "bake"]),
        .tests("Stages", "GenerationLog", ["BakeModel", "LinuxSystem", "LedgerDatabase", "LedgerFixtures"]),
        .tests(
            "Stages", "EnvironmentPromotion",
            ["BakeModel", "LinuxSystem", "LedgerDatabase", "LedgerFixtures", "SSHSignatures", "SigningFixtures"]),
        .tests("Stages", "AuditTrail", ["BakeModel", "LedgerDatabase", "EnvironmentPromotion", "LedgerFixtures"]),
        .tests(
            "Stages", "Attestation",
            ["BakeModel", "Signing", "LedgerDatabase", "EnvironmentPromotion", "LedgerFixtures"]),
        .tests("Stages", "ImageAssembly", ["BakeModel", "BlobStorage"]),
        .tests(
            "Stages", "ImageComparison", ["BakeModel", "LinuxSystem", "BlobStorage", "TarArchive", "RootFilesystem"]),
        .tests("Commands", "BakePipeline", ["BakeModel", "EnvironmentPromotion", "LedgerFixtures"]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "BakeModel", "LinuxSystem", "GitFixtures", "BakeTestSupport", "SigningFixtures", "bake",
            ],
            path: "Tests/EndToEndTests"),
        .testTarget(name: "ArchitectureTests", path: "Tests/ArchitectureTests"),
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
