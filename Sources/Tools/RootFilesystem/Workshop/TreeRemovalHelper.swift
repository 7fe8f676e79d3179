import BakeModel
import LinuxSystem

/// Removes a tree with files of subordinate ids, and directories that nobody may look into, as root of a user namespace.
public enum TreeRemovalHelper {
    /// What it is called on the command line.
    public static let name = "remove"
    /// Seconds for the largest of trees: a limit against hanging.
    private static let deadline: Double = 600

    /// Removes a directory of this user's with everything in it.
    /// - Parameter program: bake itself, which serves this helper.
    public static func remove(_ path: String, by program: HelperProgram) throws {
        _ = try HelperCall.start(
            program, name, request: ["path": .string(path)], launcher: UserNamespace.launcher(network: .own)
        ).finish(deadline: deadline)
    }

    /// Does its request, and ends the process. Only in namespaces that `UserNamespace.launcher` made.
    public static func serve() -> Never {
        HelperService.serve { request in
            try TreeRemoval.remove(try TaskMessage(request).text("path"))
            return .null
        }
    }
}
