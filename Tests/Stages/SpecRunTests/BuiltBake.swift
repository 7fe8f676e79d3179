import Foundation
import LinuxSystem

/// The `bake` that was built beside the tests.
enum BuiltBake {
    /// The executable: beside the test bundle.
    static var program: HelperProgram {
        let arguments = CommandLine.arguments
        let bundle = arguments.first { $0.hasSuffix(".xctest") } ?? arguments[0]
        return HelperProgram(path: URL(fileURLWithPath: bundle).deletingLastPathComponent().path + "/bake")
    }
}
