/// placeholder
public struct RemoteURL { static func withoutCredentials(_ text: String) -> String? { text } }
