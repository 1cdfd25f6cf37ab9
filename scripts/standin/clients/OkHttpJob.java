// The job as the `okhttp` kind is told it: `name=value` arguments.

import java.util.HashMap;
import java.util.Map;

final class OkHttpJob {
    private static final Map<String, String> TOLD = new HashMap<>();

    private OkHttpJob() {}

    static void read(String[] arguments) {
        for (String argument : arguments) {
            String[] pair = argument.split("=", 2);
            TOLD.put(pair[0], pair[1]);
        }
    }

    static String text(String name, String otherwise) {
        return TOLD.getOrDefault(name, otherwise);
    }

    static int whole(String name, int otherwise) {
        return Integer.parseInt(text(name, String.valueOf(otherwise)));
    }

    static long millis(String name, double otherwise) {
        return (long) (1000 * Double.parseDouble(text(name, String.valueOf(otherwise))));
    }

    static String url(String scheme, String host, int port) {
        return scheme + "://" + host + ":" + port + text("path", "/");
    }
}
