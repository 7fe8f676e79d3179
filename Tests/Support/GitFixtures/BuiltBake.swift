import Foundation
import LinuxSystem

/// The executable that was built with the tests: it lies beside the test bundle.
public enum BuiltBake {
    /// For helpers.
    public static let program = HelperProgram(path: path)

    private static let path: String = {
        let runner = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let bundle = Bundle.allBundles.map(\.bundlePath).first { $0.hasSuffix(".xctest") } ?? ""
        let directories = [runner, bundle].map { ($0 as NSString).deletingLastPathComponent }
        return directories.map { "\($0)/bake" }.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "bake"
    }()
}
