// swift-tools-version: 6.1
import PackageDescription

// The hot loops beside the bare library calls that bound them. A package of its own, so that bake's build knows nothing of
// the harness: `make bench-micro`. It is built with -enable-testing, because loops are no public names.

let package = Package(
    name: "micro",
    dependencies: [
        .package(name: "bake", path: "../.."),
        .package(url: "https://github.com/google/swift-benchmark", from: "0.1.2"),
    ],
    targets: [
        // libdeflate, zlib and libcrypto as any C program calls them.
        .systemLibrary(name: "CBareLibraries"),
        .executableTarget(
            name: "Micro",
            dependencies: [
                "CBareLibraries", .product(name: "BakeWorkings", package: "bake"),
                .product(name: "Benchmark", package: "swift-benchmark"),
            ]),
    ],
    // The harness keeps its settings in global variables, which Swift 6 refuses.
    swiftLanguageModes: [.v5]
)
