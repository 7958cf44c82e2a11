echo "1 failing (1$$ ms)"
exit 1
