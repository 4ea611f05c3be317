import { all, sleep } from "joinery";

async function fetchUser() {
  await sleep(60);
  return "Ada";
}

async function fetchPosts() {
  try {
    await sleep(200);
    return ["Notes", "Letters"];
  } finally {
    await closeConnection();
  }
}

/** Somebody else's cleanup: it knows nothing of joinery. */
async function closeConnection() {
  await new Promise((resolve) => setTimeout(resolve, 40));
  console.log("connection closed");
}

async function fetchLikes(): Promise<number> {
  await sleep(50);
  throw new Error("likes are down");
}

async function cell() {
  const { user, posts } = await all({ user: fetchUser, posts: fetchPosts });
  console.log(`${user} wrote ${posts.join(" and ")}`);

  await all({ posts: fetchPosts, likes: fetchLikes });
}

export default {
  cell,
  title: "Ours: all() by name",
  see:
    "Results by name, with their types. Then one fails: the other is stopped, " +
    "and its cleanup is over before the error comes out.",
  prints: [
    "connection closed",
    "Ada wrote Notes and Letters",
    "connection closed",
    "ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)",
    "└ Error: likes are down",
  ],
  ends: ["user done", "posts done", "likes failed", "posts cancelled", "cell failed"],
};
